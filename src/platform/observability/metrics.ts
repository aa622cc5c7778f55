import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Database } from '../database/database.js';

/** What Prometheus may read; rooms register their own gauges, which are computed when they are read. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly httpDuration = new Histogram({
    name: 'henkin_http_request_duration_seconds',
    help: 'Duration of requests by route template, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });

  constructor(database: Database) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'henkin_database_connections',
      help: 'Connections of the pool by state',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        const { total, idle, waiting } = database.connections;
        this.set({ state: 'open' }, total);
        this.set({ state: 'idle' }, idle);
        this.set({ state: 'waiting' }, waiting);
      },
    });
    new Gauge({
      name: 'henkin_jobs',
      help: 'Jobs in the queue by task',
      labelNames: ['task', 'state'],
      registers: [this.registry],
      async collect() {
        const { rows } = await database.shortStatements.query<{
          task: string;
          running: string;
          waiting: string;
          failed: string;
        }>(`
          SELECT task_identifier AS task, count(*) FILTER (WHERE locked_at IS NOT NULL) AS running,
                 count(*) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts) AS waiting,
                 count(*) FILTER (WHERE attempts >= max_attempts) AS failed
          FROM graphile_worker.jobs GROUP BY 1`);
        this.reset();
        for (const row of rows) {
          for (const state of ['running', 'waiting', 'failed'] as const)
            this.set({ task: row.task, state }, Number(row[state]));
        }
      },
    });
  }
}
