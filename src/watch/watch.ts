import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Settings } from '../platform/config/config.js';
import { stopsCrediting, type Finding } from './finding.js';
import { compareOnce } from './round.js';
import { FIRST_PORTION, nextPortion } from './slices.amount.js';
import { Speed } from './speed.amount.js';
import { keepPosition, type Position } from './sql/read-situation.sql.js';
import { unknownFindings, writeAlerts } from './sql/write-alerts.sql.js';

/**
 * It rests twice as long as a round took, so that it takes a third of one core at most from those it watches; when it has been
 * behind them for a while it rests as little as it may, long before they are made to wait for it.
 */
const REST = { times: 2, leastMs: 1_000, mostMs: 3_000 };
const HURRIES_AFTER_MS = 20_000;
/** A round that takes longer is given up and made again: while none is finished, nothing is credited. */
const STATEMENT_MS = 30_000;
/** Another watch is at it, or has just been. */
const OTHERS_TURN: readonly string[] = ['55P03', '40001'];
const REASON_LENGTH = 500;

/** Compares without end what the application does, as a role of its own, and pulls the kill switch when money is astray. */
export class Watch {
  private readonly pool: pg.Pool;
  private readonly speed: Speed;

  constructor(
    watchDatabaseUrl: string,
    private readonly settings: Pick<Settings, 'watchCreditHours' | 'watchMostCreditsPerSecond'>,
    private readonly logger: Pick<Logger, 'error' | 'warn'>,
    /** New rows of each table in the next round. */
    private mostRows = FIRST_PORTION,
  ) {
    this.speed = new Speed(settings.watchMostCreditsPerSecond);
    this.pool = new pg.Pool({
      connectionString: watchDatabaseUrl,
      // One compares, one pulls the switch, one notes who was told.
      max: 3,
      application_name: 'henkin-watch',
      // One core at most, also while it reads large tables: others work beside it.
      options: '-c max_parallel_workers_per_gather=0',
      connectionTimeoutMillis: 5_000,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + 1_000,
      idle_in_transaction_session_timeout: STATEMENT_MS,
      keepAlive: true,
    });
    // A lost connection shows in the statement that needs it; without listeners it would end the process.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** For what is told of the findings, by the same role. */
  get database(): Pick<pg.Pool, 'query'> {
    return this.pool;
  }

  /** Round after round until the signal; what fails is said and tried again. `onRound` hears of each that was finished. */
  async run(stop: AbortSignal, onRound: () => void = () => undefined): Promise<void> {
    let behindSince: number | null = null;
    while (!stop.aborted) {
      const since = performance.now();
      try {
        const round = await this.round();
        if (round !== 'others_turn') onRound();
        behindSince = round === 'behind' ? (behindSince ?? since) : null;
      } catch (error) {
        this.logger.warn({ err: error }, 'a round of the watch failed and is made again');
      }
      const tookMs = performance.now() - since;
      this.mostRows = nextPortion(this.mostRows, tookMs);
      const hurries = behindSince !== null && performance.now() - behindSince > HURRIES_AFTER_MS;
      const restMs = hurries ? REST.leastMs : REST.times * tookMs;
      await pause(Math.min(Math.max(restMs, REST.leastMs), REST.mostMs), undefined, { signal: stop }).catch(
        () => undefined,
      );
    }
  }

  /** Answers whether all has been compared that was written before this round, or more of it is left than one round compares. */
  async round(): Promise<'abreast' | 'behind' | 'others_turn'> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      const { sweep } = await this.compare(client);
      await client.query('COMMIT');
      return sweep ? 'behind' : 'abreast';
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      if (OTHERS_TURN.includes((error as { code?: string }).code ?? '')) return 'others_turn';
      throw error;
    } finally {
      client.release(broken);
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** The switch first, in a transaction of its own: whatever happens to this process afterwards, nothing is credited. */
  private async compare(client: pg.PoolClient): Promise<Position> {
    const { findings, position } = await compareOnce(client, {
      speed: this.speed,
      hours: this.settings.watchCreditHours,
      mostRows: this.mostRows,
    });
    const unknown = await unknownFindings(client, findings);
    const stopping = unknown.filter(stopsCrediting);
    if (stopping.length > 0) await this.pool.query('SELECT pull_kill_switch($1)', [reasonFor(stopping)]);
    for (const alert of await writeAlerts(client, unknown)) {
      this.logger.error({ alertId: alert.id, kind: alert.kind, subject: alert.subject }, 'the watch raises an alert');
    }
    await keepPosition(client, position);
    return position;
  }
}

function reasonFor(findings: readonly Finding[]): string {
  return findings
    .map(({ kind, subject }) => `${kind} ${subject}`)
    .join(', ')
    .slice(0, REASON_LENGTH);
}
