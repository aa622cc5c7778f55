import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Settings } from '../platform/config/config.js';
import { postJson } from '../platform/http/post-json.js';
import type { Mailer } from '../platform/mail/mailer.js';
import { alertsToTell, noteTold, type AlertToTell } from './sql/alerts-to-tell.sql.js';
import { alertJson, alertMail } from './told.js';

const LOOK_AGAIN_MS = 500;
const TRY_AGAIN_MS = 5_000;

type Channel = 'mail' | 'webhook';

/** Tells people and machines of alerts, each way on its own: one that hangs holds up neither the others nor the watch. */
export class Messenger {
  private readonly ways: ReadonlyMap<Channel, (alerts: readonly AlertToTell[]) => Promise<void>>;

  constructor(
    private readonly database: Pick<pg.Pool, 'query'>,
    { watchMailTo, watchWebhookUrl }: Pick<Settings, 'watchMailTo' | 'watchWebhookUrl'>,
    mailer: Pick<Mailer, 'send'>,
    private readonly logger: { warn(context: object, message: string): void },
  ) {
    const ways = new Map<Channel, (alerts: readonly AlertToTell[]) => Promise<void>>();
    if (watchMailTo !== null)
      ways.set('mail', async (alerts) => void (await mailer.send(alertMail(watchMailTo, alerts))));
    if (watchWebhookUrl !== null) ways.set('webhook', (alerts) => postJson(watchWebhookUrl, alertJson(alerts)));
    this.ways = ways;
  }

  /** Until the signal; what could not be told is tried again. */
  async run(stop: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.ways.keys()].map(async (channel) => {
        while (!stop.aborted) {
          const told = await this.tell(channel, 0).catch((error: unknown) => this.failed(channel, error));
          await pause(told ? LOOK_AGAIN_MS : TRY_AGAIN_MS, undefined, { signal: stop }).catch(() => undefined);
        }
      }),
    );
  }

  /** Once, what has waited for so long. Errors: those of every way that did not work, after all were tried. */
  async tellAll(olderThanSeconds: number): Promise<void> {
    const results = await Promise.allSettled(
      [...this.ways.keys()].map((channel) => this.tell(channel, olderThanSeconds)),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length > 0)
      throw new AggregateError(
        failed.map(({ reason }) => reason as unknown),
        'some alerts could not be told of',
      );
  }

  /** Is there anybody to tell of this? */
  async waits(olderThanSeconds: number): Promise<boolean> {
    for (const channel of this.ways.keys())
      if ((await alertsToTell(this.database, channel, olderThanSeconds)).length > 0) return true;
    return false;
  }

  private async tell(channel: Channel, olderThanSeconds: number): Promise<true> {
    const alerts = await alertsToTell(this.database, channel, olderThanSeconds);
    if (alerts.length > 0) {
      await this.ways.get(channel)?.(alerts);
      await noteTold(this.database, channel, alerts);
    }
    return true;
  }

  private failed(channel: Channel, error: unknown): false {
    this.logger.warn({ err: error, channel }, 'alerts could not be told of and are tried again');
    return false;
  }
}
