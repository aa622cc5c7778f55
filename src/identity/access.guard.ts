import { Injectable, Logger, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from './authenticator.js';
import { Forbidden } from './identity.errors.js';
import { permissionOf } from './permissions.js';

/** First guard of every route: who is it, and may their role do this? What the table does not list, nobody may. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly logger = new Logger('Access');

  constructor(private readonly authenticator: Authenticator) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const { method, url: route } = request.routeOptions;
    const permission = permissionOf(request.method, route);
    if (permission?.roles.length === 0) return true;
    const principal = await this.authenticator.byAccessToken(request);
    if (!principal) {
      void execution.switchToHttp().getResponse<FastifyReply>().header('WWW-Authenticate', 'Bearer');
      throw new UnauthorizedException();
    }
    request.principal = principal;
    // The log line of the request is written from the bare request, and names who acted.
    Object.assign(request.raw, { user: { id: principal.id } });
    const roles = permission?.roles ?? [];
    if (roles.includes(principal.role)) return true;
    const { id: actorId, role } = principal;
    this.logger.warn({ requestId: request.id, actorId, role, method, route }, 'authorization refused');
    throw new Forbidden(roles);
  }
}
