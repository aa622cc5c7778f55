import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';

export const ALLOWED_ROLES = 'henkin:allowed-roles';

/** The roles that may use a route, opaque here; the OpenAPI file shows them, so that a matrix of all routes can be tested. */
export function AllowRoles(...roles: string[]): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(ALLOWED_ROLES, roles), ApiExtension('x-roles', roles), ApiBearerAuth());
}
