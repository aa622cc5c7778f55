import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { databaseFault, isUnavailable } from '../database/sqlstate.js';
import { preferredLanguage } from '../http/request-context.js';
import { DomainError, type Problem } from './domain-error.js';
import { INTERNAL_ERROR, PROTOCOL_PROBLEMS, RefusedByGuard } from './platform.errors.js';

/** Integrity violations that no service foresaw: a constraint or a guard of the database held. */
const GUARD_STATES = new Set(['HK001', '23505', '23514', '23503', '23502', '42501']);
/** Turns whatever is thrown into an RFC 9457 answer in the caller's language. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

const logger = new Logger('Problem');

/** The one form in which something is refused, whether a route said no or the request never reached one. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  if (problem.status >= 500) logger.error({ err: error, requestId: request.id }, problem.code);
  if (reply.raw.headersSent) {
    // The answer was already under way; cutting it off is the only way left to say that it is not whole.
    reply.raw.destroy();
    return;
  }
  const language = preferredLanguage(request.headers['accept-language']);
  const retryAfter = problem.status === 503 ? 5 : problem.extra?.['retryAfterSeconds'];
  if (typeof retryAfter === 'number') void reply.header('Retry-After', String(retryAfter));
  void reply
    .status(problem.status)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .header('Content-Language', language)
    .send({
      type: `https://henkin.invalid/problems/${problem.code}`,
      title: problem.title[language],
      status: problem.status,
      detail: problem.detail[language],
      code: problem.code,
      requestId: request.id,
      ...problem.extra,
    });
}

/** The problem that stands for an error; anything unknown says nothing about itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof DomainError) return error.problem;
  const fault = databaseFault(error);
  if (fault && GUARD_STATES.has(fault.sqlstate)) return new RefusedByGuard(fault.constraint ?? fault.sqlstate).problem;
  if (isUnavailable(error)) return protocolProblem(503);
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  if (error instanceof HttpException) return protocolProblem(error.getStatus());
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return protocolProblem(statusCode);
  return INTERNAL_ERROR;
}

function protocolProblem(status: number): Problem {
  return (
    PROTOCOL_PROBLEMS[status] ??
    (status < 500 ? { ...(PROTOCOL_PROBLEMS[400] ?? INTERNAL_ERROR), status } : INTERNAL_ERROR)
  );
}
