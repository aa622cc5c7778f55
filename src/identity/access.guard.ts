import { Injectable, Logger, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from './authenticator.js';
import { CUSTOMER } from './customer-principal.js';
import { CustomerSessions } from './customer-sessions.js';
import { Forbidden } from './identity.errors.js';
import { FRESH_SECONDS, permissionOf, type Freshness } from './permissions.js';
import { StepUpRequired } from './second-factor.errors.js';

/** First guard of every route: who is it, and may they do this? What the table does not list, nobody may. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly logger = new Logger('Access');

  constructor(
    private readonly authenticator: Authenticator,
    private readonly customers: CustomerSessions,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const reply = execution.switchToHttp().getResponse<FastifyReply>();
    const permission = permissionOf(request.method, request.routeOptions.url);
    if (permission?.roles.length === 0) return true;
    return permission?.roles.includes(CUSTOMER)
      ? this.admitCustomer(request, reply)
      : this.admitStaff(request, reply, permission?.roles ?? [], permission?.fresh);
  }

  /** A token of staff is no token here, and the other way round: each kind is read by its own key and audience only. */
  private async admitCustomer(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const { authorization, 'if-none-match': known } = request.headers;
    const customer = await this.customers.principal(authorization, known && request.routeOptions.url);
    if (!customer) throw unauthenticated(reply);
    request.customer = customer;
    Object.assign(request.raw, { user: { id: customer.id } });
    return true;
  }

  private async admitStaff(
    request: FastifyRequest,
    reply: FastifyReply,
    roles: readonly string[],
    fresh?: Freshness,
  ): Promise<boolean> {
    const principal = await this.authenticator.byAccessToken(request);
    if (!principal) throw unauthenticated(reply);
    request.principal = principal;
    // The log line of the request is written from the bare request, and names who acted.
    Object.assign(request.raw, { user: { id: principal.id } });
    if (roles.includes(principal.role)) {
      if (fresh && principal.provenSecondsAgo > FRESH_SECONDS[fresh])
        throw new StepUpRequired(fresh, FRESH_SECONDS[fresh]);
      return true;
    }
    const { id: actorId, role } = principal;
    const { method, url: route } = request.routeOptions;
    this.logger.warn({ requestId: request.id, actorId, role, method, route }, 'authorization refused');
    throw new Forbidden(roles);
  }
}

function unauthenticated(reply: FastifyReply): UnauthorizedException {
  void reply.header('WWW-Authenticate', 'Bearer');
  return new UnauthorizedException();
}
