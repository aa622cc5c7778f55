import { createHash } from 'node:crypto';
import { createParamDecorator, UnauthorizedException, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { preferredLanguage, type Actor, type RequestContext } from '../platform/http/request-context.js';
import { idempotencyKeyOf } from '../platform/idempotency/idempotency.guard.js';
import './customer-principal.js';
import type { StaffPrincipal } from './principal.js';

/** Someone who has not signed in, such as on the sign-in route itself. */
const NOBODY: Actor = { id: 'nobody', role: 'none' };

/** The request as services see it: who, in which role, in which language, under which key. */
export const Context = createParamDecorator((_data: unknown, execution: ExecutionContext): RequestContext => {
  return contextOf(execution.switchToHttp().getRequest<FastifyRequest>());
});

/** Whoever is signed in, with their session; only for routes that are not public. */
export const Principal = createParamDecorator((_data: unknown, execution: ExecutionContext): StaffPrincipal => {
  const { principal } = execution.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) throw new UnauthorizedException();
  return principal;
});

export function contextOf(request: FastifyRequest): RequestContext {
  const { id, role } = request.principal ?? request.customer ?? NOBODY;
  const content = `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`;
  return {
    requestId: request.id,
    actor: { id, role },
    language: preferredLanguage(request.headers['accept-language']),
    idempotencyKey: idempotencyKeyOf(request),
    requestHash: createHash('sha256').update(content).digest('hex'),
  };
}
