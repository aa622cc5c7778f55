import { Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/observability/metrics.js';

interface CountRow {
  readonly id: string;
  readonly status: string;
  readonly credited: string;
  readonly skipped: string;
  readonly remaining: string;
}

/** Progress of the batches that are under way, read each time it is asked for. */
@Injectable()
export class CreditBatchMetrics {
  constructor(database: Database, metrics: Metrics) {
    const logger = new Logger('CreditBatchMetrics');
    new Gauge({
      name: 'henkin_credit_batch_items',
      help: 'Items of batches that are executing or paused, by batch, status and state of the item',
      labelNames: ['batch', 'status', 'state'],
      registers: [metrics.registry],
      async collect() {
        this.reset();
        try {
          const { rows } = await database.shortStatements.query<CountRow>(
            `SELECT id, status, credited_count AS credited, skipped_count AS skipped, item_count - credited_count - skipped_count AS remaining
             FROM credit_batch WHERE status IN ('executing', 'paused')`,
          );
          for (const { id, status, ...counts } of rows) {
            for (const [state, count] of Object.entries(counts)) this.set({ batch: id, status, state }, Number(count));
          }
        } catch (error) {
          // The other metrics are wanted most of all when the database does not answer.
          logger.warn(`batches could not be read: ${error instanceof Error ? error.message : String(error)}`);
        }
      },
    });
  }
}
