import type { Actor } from '../platform/http/request-context.js';
import type { Role } from './role.js';

/** Whoever of staff proved who they are for one request. Customers are another kind (customer-principal.ts). */
export interface StaffPrincipal extends Actor {
  /** staff id */
  readonly id: string;
  readonly role: Role;
  readonly sessionId: string;
  /** How long ago the second factor was proven in this session. */
  readonly provenSecondsAgo: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard; absent on public routes. */
    principal?: StaffPrincipal;
  }
}
