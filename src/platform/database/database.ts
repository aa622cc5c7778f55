import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Config } from '../config/config.js';
import { Prisma, PrismaClient } from './prisma.js';
import { isTransient } from './sqlstate.js';

/** One running transaction; everything below a service's public method takes it as first argument. */
export type Tx = Prisma.TransactionClient;

/** How long a transaction may take in all, in milliseconds. */
export interface TransactionLimits {
  readonly timeoutMs: number;
}

const DEFAULT_LIMITS: TransactionLimits = { timeoutMs: 10_000 };
const LOCK_TIMEOUT_MS = 8_000;
const ATTEMPTS = 3;

/** The one way to the database: transactions on one pool, each with limits, so that a stopped PostgreSQL hangs nobody. */
@Injectable()
export class Database implements OnModuleDestroy {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;

  constructor(config: Config) {
    this.pool = new pg.Pool({
      connectionString: config.databaseUrl,
      max: config.databasePoolSize,
      application_name: 'henkin',
      connectionTimeoutMillis: 10_000,
      statement_timeout: DEFAULT_LIMITS.timeoutMs,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool), transactionOptions: { maxWait: 10_000 } });
  }

  /** Read and write at READ COMMITTED; the whole work runs again after a deadlock or serialisation failure. */
  async transaction<T>(work: (tx: Tx) => Promise<T>, limits = DEFAULT_LIMITS): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.prisma.$transaction(async (tx) => {
          if (limits !== DEFAULT_LIMITS) await limitStatements(tx, limits);
          return work(tx);
        }, { timeout: limits.timeoutMs });
      } catch (error) {
        if (attempt === ATTEMPTS || !isTransient(error)) throw error;
      }
    }
  }

  /** Everything read here is of one instant, whatever commits meanwhile; nothing can be written. */
  consistentRead<T>(work: (tx: Tx) => Promise<T>, limits = DEFAULT_LIMITS): Promise<T> {
    return this.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SET TRANSACTION READ ONLY`;
      if (limits !== DEFAULT_LIMITS) await limitStatements(tx, limits);
      return work(tx);
    }, { isolationLevel: 'RepeatableRead', timeout: limits.timeoutMs });
  }

  /** One transaction on a bare connection, for COPY, which Prisma cannot do. */
  async copySession<T>(work: (client: pg.PoolClient) => Promise<T>, limits = DEFAULT_LIMITS): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL statement_timeout = ${Math.trunc(limits.timeoutMs)}`);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}

async function limitStatements(tx: Tx, limits: TransactionLimits): Promise<void> {
  await tx.$queryRaw`SELECT set_config('statement_timeout', ${String(Math.trunc(limits.timeoutMs))}, true)`;
}
