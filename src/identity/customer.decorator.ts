import { createParamDecorator, UnauthorizedException, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { CustomerPrincipal } from './customer-principal.js';

/** The customer who is signed in; only on routes for customers. */
export const Customer = createParamDecorator((_data: unknown, execution: ExecutionContext): CustomerPrincipal => {
  const { customer } = execution.switchToHttp().getRequest<FastifyRequest>();
  if (!customer) throw new UnauthorizedException();
  return customer;
});
