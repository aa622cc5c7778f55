import { Injectable, Logger, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ALLOWED_ROLES } from '../platform/http/allowed-roles.decorator.js';
import { PUBLIC } from '../platform/http/public.decorator.js';
import { Authenticator } from './authenticator.js';
import { CUSTOMER } from './customer-principal.js';
import { CustomerSessions } from './customer-sessions.js';
import { Forbidden } from './identity.errors.js';
import type { Role } from './role.js';

/** First guard of every route: who is it, and may their role do this? */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly logger = new Logger('Access');

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly customers: CustomerSessions,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const targets = [execution.getHandler(), execution.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets)) return true;
    const roles = this.reflector.getAllAndOverride<string[] | undefined>(ALLOWED_ROLES, targets) ?? [];
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const reply = execution.switchToHttp().getResponse<FastifyReply>();
    return roles.includes(CUSTOMER) ? this.admitCustomer(request, reply) : this.admitStaff(request, reply, roles);
  }

  /** A token of staff is no token here, and the other way round: each kind is read by its own key and audience only. */
  private async admitCustomer(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const customer = await this.customers.principal(request.headers.authorization);
    if (!customer) throw unauthenticated(reply);
    request.customer = customer;
    Object.assign(request.raw, { user: { id: customer.id } });
    return true;
  }

  private async admitStaff(request: FastifyRequest, reply: FastifyReply, roles: readonly string[]): Promise<boolean> {
    const principal = await this.authenticator.byAccessToken(request);
    if (!principal) throw unauthenticated(reply);
    request.principal = principal;
    // The log line of the request is written from the bare request, and names who acted.
    Object.assign(request.raw, { user: { id: principal.id } });
    if (roles.includes(principal.role)) return true;
    const { id: actorId, role } = principal;
    this.logger.warn(
      { requestId: request.id, actorId, role, method: request.method, route: request.routeOptions.url },
      'authorization refused',
    );
    throw new Forbidden(roles as Role[]);
  }
}

function unauthenticated(reply: FastifyReply): UnauthorizedException {
  void reply.header('WWW-Authenticate', 'Bearer');
  return new UnauthorizedException();
}
