import type { Actor } from '../platform/http/request-context.js';
import type { Role } from './role.js';

/**
 * Whoever proved who they are for one request. Staff so far: customers will be another kind with a token audience of
 * their own, so that neither kind can be taken for the other.
 */
export interface StaffPrincipal extends Actor {
  /** staff id */
  readonly id: string;
  readonly role: Role;
  readonly sessionId: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard; absent on public routes. */
    principal?: StaffPrincipal;
  }
}
