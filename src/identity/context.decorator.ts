import { createHash } from 'node:crypto';
import { createParamDecorator, UnauthorizedException, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { preferredLanguage, type Actor, type RequestContext } from '../platform/http/request-context.js';
import { idempotencyKeyOf } from '../platform/idempotency/idempotency.guard.js';
import './customer-principal.js';
import type { StaffPrincipal } from './principal.js';
import type { SignInOrigin } from './second-factors.js';

/** Someone who has not signed in, such as on the sign-in route itself. */
const NOBODY: Actor = { id: 'nobody', role: 'none' };

/** As many as the database keeps; nobody recognises a device by more. */
const DEVICE_CHARACTERS = 200;

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

/** Where whoever proves a factor is, as far as a request tells. */
export const Origin = createParamDecorator((_data: unknown, execution: ExecutionContext): SignInOrigin => {
  const { id, ip, headers } = execution.switchToHttp().getRequest<FastifyRequest>();
  const device = (headers['user-agent'] ?? '').replaceAll(/[^ -~]/g, '?').slice(0, DEVICE_CHARACTERS);
  return { requestId: id, address: ip, device };
});

export function contextOf(request: FastifyRequest): RequestContext {
  const { id, role } = request.principal ?? request.customer ?? NOBODY;
  return {
    requestId: request.id,
    actor: { id, role },
    language: preferredLanguage(request.headers['accept-language']),
    idempotencyKey: idempotencyKeyOf(request),
    // Made only where somebody asks: what is read is never the same request twice.
    get requestHash() {
      const content = `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`;
      return createHash('sha256').update(content).digest('hex');
    },
  };
}
