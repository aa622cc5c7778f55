import { Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/observability/metrics.js';

/** Each answers rows of a value, and of the kind that it counts. */
const GAUGES: Readonly<Record<string, { readonly help: string; readonly sql: string }>> = {
  henkin_watch_lives: {
    help: 'Whether the watch compares and says so; without it nothing is credited',
    sql: `SELECT NULL AS kind, watch_lives()::integer AS value`,
  },
  henkin_kill_switch_pulled: {
    help: 'Whether the kill switch is pulled',
    sql: `SELECT NULL AS kind, EXISTS (SELECT FROM kill_switch_pull WHERE release_id IS NULL)::integer AS value`,
  },
  henkin_watch_alerts: {
    help: 'Alerts so far, by kind',
    sql: `SELECT kind, count(*)::integer AS value FROM watch_alert GROUP BY kind`,
  },
};

/** For monitoring, read each time it is asked for. */
@Injectable()
export class WatchMetrics {
  constructor(database: Database, metrics: Metrics) {
    const logger = new Logger('WatchMetrics');
    for (const [name, { help, sql }] of Object.entries(GAUGES)) {
      new Gauge({
        name,
        help,
        labelNames: ['kind'],
        registers: [metrics.registry],
        async collect() {
          this.reset();
          try {
            const { rows } = await database.shortStatements.query<{ kind: string | null; value: number }>(sql);
            for (const { kind, value } of rows) this.set(kind === null ? {} : { kind }, value);
          } catch (error) {
            // The other metrics are wanted most of all when the database does not answer.
            logger.warn(`${name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
          }
        },
      });
    }
  }
}
