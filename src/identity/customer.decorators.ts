import { createParamDecorator, UnauthorizedException, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowRoles } from '../platform/http/allowed-roles.decorator.js';
import { CUSTOMER, type CustomerPrincipal } from './customer-principal.js';

/** The route is for customers, each about their own record, and for nobody else. */
export function Customers(): MethodDecorator & ClassDecorator {
  return AllowRoles(CUSTOMER);
}

/** The customer who is signed in; only on routes for customers. */
export const Customer = createParamDecorator((_data: unknown, execution: ExecutionContext): CustomerPrincipal => {
  const { customer } = execution.switchToHttp().getRequest<FastifyRequest>();
  if (!customer) throw new UnauthorizedException();
  return customer;
});
