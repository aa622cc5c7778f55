import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { describeApi } from './openapi-document.js';
import type { Config } from './platform/config/config.js';
import { configureHttp, createAdapter } from './platform/http/http-server.js';
import { measureRequests } from './platform/observability/request-metrics.js';
import { logRequests } from './platform/observability/request-log.js';
import { Metrics } from './platform/observability/metrics.js';

/** The server, assembled and ready to listen or to be called in tests; jobs are started by whoever runs it. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), createAdapter(config), {
    bufferLogs: true,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  await configureHttp(app, config);
  measureRequests(app, app.get(Metrics));
  logRequests(app);
  if (config.publicDocs) describeApi(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
