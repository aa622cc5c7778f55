import { Controller, Get, HttpCode, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { schemaProblem } from '../database/schema-check.js';
import { Jobs } from '../jobs/jobs.js';
import { PROTOCOL_PROBLEMS } from '../problem/platform.errors.js';
import { Metrics } from './metrics.js';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

@ApiTags('operation')
@Controller()
export class HealthController {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @HttpCode(200)
  @ApiOperation({ summary: 'Is the process alive?' })
  @ApiOkResponse({ example: { status: 'ok' } })
  live() {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Can it serve: database, migrations, worker' })
  @ApiOkResponse({ example: { status: 'ok', database: 'ok', migrations: 'ok', worker: 'ok' } })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const migrations = await this.migrations();
    const parts = {
      database: migrations === null ? 'unreachable' : 'ok',
      migrations: migrations === null ? 'unknown' : migrations ? 'ok' : 'unknown_schema',
      worker: !this.config.runJobs ? 'elsewhere' : this.jobs.running ? 'ok' : 'stopped',
    };
    const ready = Object.values(parts).every((part) => part === 'ok' || part === 'elsewhere');
    if (!ready) void reply.status(503).header('Retry-After', '5');
    return { status: ready ? 'ok' : 'unavailable', ...parts };
  }

  /** Only for this machine unless it is configured otherwise: the figures say how much money is where. */
  @Get('metrics')
  @ApiExcludeEndpoint()
  async prometheus(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const local = LOOPBACK.has(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-for'] === undefined;
    if (!local && !this.config.publicMetrics)
      return reply.status(404).send({ ...PROTOCOL_PROBLEMS[404], requestId: request.id });
    return reply.header('Content-Type', this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }

  /** null when the database does not answer. */
  private async migrations(): Promise<boolean | null> {
    return schemaProblem(this.database.shortStatements).then(
      (problem) => problem === null,
      () => null,
    );
  }
}
