import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { BadRequestException, ValidationPipe, type ValidationError } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { RepeatedParameter, ValidationFailed } from '../problem/platform.errors.js';
import { answerProblem, ProblemFilter } from '../problem/problem.filter.js';
import { readJsonBodies } from './json-body.js';
import { cutOffSlowBodies } from './slow-bodies.js';

const MAX_BODY_BYTES = 1024 * 1024;
/** Longer ids than this, or with other characters, could forge lines of the log. */
const SAFE_REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

export function createAdapter(config: Config): FastifyAdapter {
  return new FastifyAdapter({
    // One hop: what a client writes into X-Forwarded-For itself is never believed.
    trustProxy: config.trustProxy && ((_address, hop) => hop === 0),
    bodyLimit: MAX_BODY_BYTES,
    // A client that sends its head slowly is cut off; bodies have their own time, because some are large uploads.
    requestTimeout: 0,
    connectionTimeout: 120_000,
    keepAliveTimeout: 75_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    // What the server refuses before any route is asked looks like every other refusal.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers(headersOfEveryAnswer(request, config));
      answerProblem(error, request, reply);
    },
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
}

/** Everything that holds for each request, whatever its route. */
export async function configureHttp(app: NestFastifyApplication, config: Config): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  readJsonBodies(fastify);
  cutOffSlowBodies(fastify);
  await app.register(multipart, {
    limits: { fileSize: config.maxUploadBytes, files: 2, fields: 20, fieldSize: 10_000, parts: 22 },
    throwFileSizeLimit: true,
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headersOfEveryAnswer(request, config));
    done(faultOfAddress(request));
  });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new ValidationFailed(flatten(errors)),
    }),
  );
}

function faultOfAddress({ url, query }: FastifyRequest): Error | undefined {
  // No text in the database can hold it, so no address can mean anything by it.
  if (/%00/.test(url)) return new BadRequestException();
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    if (Array.isArray(value)) return new RepeatedParameter(name.slice(0, 60));
  }
  return undefined;
}

function headersOfEveryAnswer({ id }: FastifyRequest, { tlsTerminated }: Config): Record<string, string> {
  return {
    'X-Request-Id': id,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    ...(tlsTerminated ? { 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' } : {}),
  };
}

function flatten(errors: readonly ValidationError[], prefix = ''): { path: string; message: string }[] {
  return errors.flatMap((error) => {
    const path = prefix ? `${prefix}.${error.property}` : error.property;
    const own = [...new Set(Object.values(error.constraints ?? {}))].map((message) => ({ path, message }));
    return [...own, ...flatten(error.children ?? [], path)];
  });
}
