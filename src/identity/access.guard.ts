import { Injectable, Logger, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ALLOWED_ROLES } from '../platform/http/allowed-roles.decorator.js';
import { PUBLIC } from '../platform/http/public.decorator.js';
import { Authenticator } from './authenticator.js';
import { Forbidden } from './identity.errors.js';
import type { Role } from './role.js';

/** First guard of every route: who is it, and may their role do this? */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly logger = new Logger('Access');

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const targets = [execution.getHandler(), execution.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets)) return true;
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const principal = await this.authenticator.byAccessToken(request);
    if (!principal) {
      void execution.switchToHttp().getResponse<FastifyReply>().header('WWW-Authenticate', 'Bearer');
      throw new UnauthorizedException();
    }
    request.principal = principal;
    // The log line of the request is written from the bare request, and names who acted.
    Object.assign(request.raw, { user: { id: principal.id } });
    const roles = this.reflector.getAllAndOverride<Role[] | undefined>(ALLOWED_ROLES, targets) ?? [];
    if (roles.includes(principal.role)) return true;
    const { id: actorId, role } = principal;
    this.logger.warn(
      { requestId: request.id, actorId, role, method: request.method, route: request.routeOptions.url },
      'authorization refused',
    );
    throw new Forbidden(roles);
  }
}
