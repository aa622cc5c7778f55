import { Global, Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { Clock } from './clock/clock.js';
import { Config } from './config/config.js';
import { Database } from './database/database.js';
import { Commands } from './idempotency/commands.js';
import { Jobs } from './jobs/jobs.js';
import { Mailer } from './mail/mailer.js';
import { Outboxes } from './mail/outboxes.js';
import { HealthController } from './observability/health.controller.js';
import { loggerOptions } from './observability/logger.js';
import { Metrics } from './observability/metrics.js';

/** What every room stands on. Global, so that rooms import rooms and not the ground. */
@Global()
@Module({})
export class PlatformModule {
  static with(config: Config): DynamicModule {
    const services = [Clock, Commands, Database, Jobs, Mailer, Metrics, Outboxes];
    return {
      module: PlatformModule,
      imports: [LoggerModule.forRoot(loggerOptions(config))],
      controllers: [HealthController],
      providers: [{ provide: Config, useValue: config }, ...services],
      exports: [Config, ...services],
    };
  }
}
