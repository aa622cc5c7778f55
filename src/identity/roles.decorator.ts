import { AllowRoles } from '../platform/http/allowed-roles.decorator.js';
import type { Role } from './role.js';

export { Public } from '../platform/http/public.decorator.js';

/** Which roles may use the route. A route that is neither public nor names its roles stops the server from starting. */
export function Roles(...roles: [Role, ...Role[]]): MethodDecorator & ClassDecorator {
  return AllowRoles(...roles);
}
