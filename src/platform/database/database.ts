import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Config } from '../config/config.js';
import { Prisma, PrismaClient } from './prisma.js';
import { endReadOnlySessions } from './read-only-sessions.js';
import { isTransient } from './sqlstate.js';
import { watch, watchQueries } from './transaction-watch.js';

/** One running transaction; everything below a service's public method takes it as first argument. */
export type Tx = Prisma.TransactionClient;

/** How long a transaction may take in all, in milliseconds; no single statement in it may take longer either. */
export interface TransactionLimits {
  readonly timeoutMs: number;
}

const DEFAULT_LIMITS: TransactionLimits = { timeoutMs: 10_000 };
const CONNECT_TIMEOUT_MS = 10_000;
const LOCK_TIMEOUT_MS = 8_000;
const IDLE_IN_TRANSACTION_MS = 30_000;
const SHORT_STATEMENT_MS = 5_000;
const SHORT_CONNECTIONS = 4;
const SHORT_CONNECTION_SECONDS = 15;
const ATTEMPTS = 3;
/** Whoever lost a deadlock and comes back at once may take the lock again before the one that won it has woken up. */
const STEP_ASIDE_MS = 20;

/** The one way to the database: transactions on one pool, each with limits, so that a stopped PostgreSQL hangs nobody. */
@Injectable()
export class Database implements OnApplicationShutdown {
  /**
   * For single short statements outside any transaction: health, metrics, and libraries that bring their own SQL. Apart
   * from the others, so that these are answered while long work holds every connection.
   */
  readonly shortStatements: pg.Pool;
  private readonly logger = new Logger('Database');
  private readonly pool: pg.Pool;
  private readonly prisma: PrismaClient;

  constructor(config: Config) {
    this.pool = this.createPool({
      connectionString: config.databaseUrl,
      max: config.databasePoolSize,
      statement_timeout: DEFAULT_LIMITS.timeoutMs,
    });
    this.pool.on('connect', watchQueries);
    this.shortStatements = this.createPool({
      connectionString: config.databaseUrl,
      max: SHORT_CONNECTIONS,
      // These statements are the same again and again, and cost more to plan than to run; all are written for their index.
      options: '-c plan_cache_mode=force_generic_plan',
      // Plans end with their connection: those of an empty table must not live on after an import.
      maxLifetimeSeconds: SHORT_CONNECTION_SECONDS,
      statement_timeout: SHORT_STATEMENT_MS,
      query_timeout: SHORT_STATEMENT_MS + 1_000,
    });
    this.prisma = new PrismaClient({
      adapter: new PrismaPg(this.pool),
      transactionOptions: { maxWait: CONNECT_TIMEOUT_MS },
      // The long form quotes the arguments of the call, and with them the personal data of holders.
      errorFormat: 'minimal',
    });
  }

  /** Read and write at READ COMMITTED; the whole work runs again after a deadlock or serialisation failure. */
  async transaction<T>(work: (tx: Tx) => Promise<T>, limits = DEFAULT_LIMITS): Promise<T> {
    return retried(() => this.run(work, limits, {}));
  }

  /** Everything read here is of one instant, whatever commits meanwhile; nothing can be written. */
  async consistentRead<T>(work: (tx: Tx) => Promise<T>, limits = DEFAULT_LIMITS): Promise<T> {
    const read = async (tx: Tx) => {
      await tx.$executeRaw`SET TRANSACTION READ ONLY`;
      return work(tx);
    };
    return this.run(read, limits, { isolationLevel: 'RepeatableRead' });
  }

  /** One transaction on a bare connection, for COPY, which Prisma cannot do. It is not repeated: its input is a stream. */
  copySession<T>(work: (client: pg.PoolClient) => Promise<T>, limits = DEFAULT_LIMITS): Promise<T> {
    return this.copySessions(1, ([client]) => work(client), limits);
  }

  /**
   * Several of them side by side. All work is done before the first commits; whoever is cut off between the first commit
   * and the last leaves a part, and must find it when the work begins anew. A small pool gives fewer than are asked for.
   */
  async copySessions<T>(
    most: number,
    work: (clients: readonly [pg.PoolClient, ...pg.PoolClient[]]) => Promise<T>,
    limits = DEFAULT_LIMITS,
  ): Promise<T> {
    const others = Math.min(most, Math.max(Math.trunc(this.pool.options.max / 4), 1)) - 1;
    return watch(limits.timeoutMs, () =>
      this.onBareConnection(limits, (client) => this.besides([client], others, work, limits)),
    );
  }

  private besides<T>(
    clients: readonly [pg.PoolClient, ...pg.PoolClient[]],
    others: number,
    work: (clients: readonly [pg.PoolClient, ...pg.PoolClient[]]) => Promise<T>,
    limits: TransactionLimits,
  ): Promise<T> {
    if (others === 0) return work(clients);
    return this.onBareConnection(limits, (client) => this.besides([...clients, client], others - 1, work, limits));
  }

  private async onBareConnection<T>(
    { timeoutMs }: TransactionLimits,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // An error between two statements shows in the next one; without a listener it would end the process.
    const notice = (error: Error) => (broken = error);
    client.on('error', notice);
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL statement_timeout = ${Math.trunc(timeoutMs)}`);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(notice);
      throw error;
    } finally {
      client.off('error', notice);
      client.release(broken);
    }
  }

  /** The connections of the application: how many there are, idle, and waited for. */
  get connections(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    return { total: this.pool.totalCount, idle: this.pool.idleCount, waiting: this.pool.waitingCount };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prisma.$disconnect();
    await Promise.all([this.pool.end(), this.shortStatements.end()]);
  }

  private run<T>(
    work: (tx: Tx) => Promise<T>,
    { timeoutMs }: TransactionLimits,
    options: { isolationLevel?: Prisma.TransactionIsolationLevel },
  ) {
    const limited = async (tx: Tx) => {
      if (timeoutMs !== DEFAULT_LIMITS.timeoutMs) await limitStatements(tx, timeoutMs);
      return work(tx);
    };
    return watch(timeoutMs, () => this.prisma.$transaction(limited, { ...options, timeout: timeoutMs }));
  }

  private createPool(options: pg.PoolConfig): pg.Pool {
    const pool = new pg.Pool({
      application_name: 'henkin',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      keepAlive: true,
      ...options,
    });
    // A connection that breaks is replaced by the pool, and whoever uses it gets the error; without listeners, one that
    // breaks while it is idle, or is just being handed over, would end the process.
    pool.on('error', (error) => this.logger.warn(`idle connection lost: ${error.message}`));
    pool.on('connect', (client) => client.on('error', () => undefined));
    endReadOnlySessions(pool);
    return pool;
  }
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !isTransient(error)) throw error;
      await pause(STEP_ASIDE_MS * (1 + Math.random()));
    }
  }
}

async function limitStatements(tx: Tx, timeoutMs: number): Promise<void> {
  await tx.$queryRaw`SELECT set_config('statement_timeout', ${String(Math.trunc(timeoutMs))}, true)`;
}
