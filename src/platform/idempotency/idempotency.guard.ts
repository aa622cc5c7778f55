import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { IdempotencyKeyRequired } from './idempotency.errors.js';
import { IDEMPOTENT } from './idempotent.decorator.js';

const KEY = /^[!-~]{1,255}$/;

/** The key of a request, or null when there is none that could be kept. */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' && KEY.test(key) ? key : null;
}

@Injectable()
export class IdempotencyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const needed = this.reflector.get<boolean | undefined>(IDEMPOTENT, context.getHandler());
    if (needed && idempotencyKeyOf(context.switchToHttp().getRequest<FastifyRequest>()) === null)
      throw new IdempotencyKeyRequired();
    return true;
  }
}
