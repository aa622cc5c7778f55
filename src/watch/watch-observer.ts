import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { systemActor } from '../audit/audit.js';
import { WorkItems } from '../contact/work-items.js';
import { jstDate } from '../platform/clock/jst.js';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { Mailer } from '../platform/mail/mailer.js';
import { Messenger } from './messenger.js';
import { raiseWatchAbsent } from './sql/raise-watch-absent.sql.js';

const TELL_JOB = 'watch-tell';
const OBSERVER = systemActor('watch-observe');
const LOOK_AGAIN_MS = 2_000;
/** A watch that is started together with this process has time to give its first sign of life. */
const GRACE_MS = 20_000;
/** The watch tells of its own findings; what it has not told of by then is told of by a server. */
const ITS_TURN_SECONDS = 15;
const MOST_AT_ONCE = 100;

/** What the server does about the watch: says that it is absent, and makes work of what it found. */
@Injectable()
export class WatchObserver implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('WatchObserver');
  private readonly messenger: Messenger;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    config: Config,
    mailer: Mailer,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly workItems: WorkItems,
    private readonly clock: Clock,
  ) {
    this.messenger = new Messenger(database.shortStatements, config, mailer, this.logger);
  }

  onModuleInit(): void {
    this.jobs.register(TELL_JOB, () => this.messenger.tellAll(ITS_TURN_SECONDS));
  }

  /** Looks every two seconds; called once, by a process that does background work. */
  start(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Several servers take turns. `graceIsOver`: may the watch be called absent yet? */
  async look({ graceIsOver }: { graceIsOver: boolean }): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [row] = await tx.$queryRaw<{ mine: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(hashtextextended('watch_observer', 0)) AS mine`;
      if (!row?.mine) return;
      if (graceIsOver && (await raiseWatchAbsent(tx)))
        this.logger.error('the watch gives no sign of life; nothing is credited');
      await this.openWork(tx);
    });
    if (await this.messenger.waits(ITS_TURN_SECONDS))
      await this.database.transaction((tx) => this.jobs.add(tx, TELL_JOB, {}, { jobKey: TELL_JOB }));
  }

  /** One open item for each kind of finding, however many of it there are; the alert that opened it is named. */
  private async openWork(tx: Tx): Promise<void> {
    const alerts = await tx.watchAlert.findMany({
      where: { notices: { none: { channel: 'work_item' } } },
      orderBy: { id: 'asc' },
      take: MOST_AT_ONCE,
      select: { id: true, kind: true },
    });
    for (const [kind, id] of new Map(alerts.map((alert) => [alert.kind, alert.id]))) {
      await this.workItems.open(tx, OBSERVER, {
        kind: 'watch_alert',
        holderId: null,
        subjectType: 'watch_alert',
        subjectId: id.toString(),
        dueOn: jstDate(this.clock.now()),
        dedupeKey: `kind:${kind}`,
      });
    }
    await tx.watchNotice.createMany({
      data: alerts.map(({ id }) => ({ alertId: id, channel: 'work_item' as const })),
    });
  }

  private async run(): Promise<void> {
    const since = performance.now();
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.look({ graceIsOver: performance.now() - since > GRACE_MS }).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'the watch could not be looked after and is looked after again'),
      );
      await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
