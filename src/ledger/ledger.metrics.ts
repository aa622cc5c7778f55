import { Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/observability/metrics.js';
import type { AccountKind } from '../platform/database/prisma.js';

/** Ledger totals for Prometheus, read from the kept balances each time they are asked for. Yen up to 2^53 are exact in a gauge. */
@Injectable()
export class LedgerMetrics {
  constructor(database: Database, metrics: Metrics) {
    const logger = new Logger('LedgerMetrics');
    new Gauge({
      name: 'henkin_ledger_balance_jpy',
      help: 'Sum of balances by kind of account, in yen; own funds are negative',
      labelNames: ['account'],
      registers: [metrics.registry],
      async collect() {
        this.reset();
        try {
          const { rows } = await database.shortStatements.query<{ kind: AccountKind; balance: string }>(
            'SELECT kind, sum(balance_jpy)::text AS balance FROM ledger_account GROUP BY kind',
          );
          for (const { kind, balance } of rows) this.set({ account: kind }, Number(balance));
        } catch (error) {
          // The other metrics are wanted most of all when the database does not answer.
          logger.warn(`balances could not be read: ${error instanceof Error ? error.message : String(error)}`);
        }
      },
    });
  }
}
