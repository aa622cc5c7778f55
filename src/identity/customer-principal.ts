import type { Actor } from '../platform/http/request-context.js';

/** The word that stands beside the roles of staff where a route says who may use it; no account can have it. */
export const CUSTOMER = 'customer';

/** A customer who proved who they are for one request. */
export interface CustomerPrincipal extends Actor {
  /** The holder's id as text: the trail's word for the customer. */
  readonly id: string;
  readonly role: typeof CUSTOMER;
  readonly holderId: bigint;
  readonly sessionId: string;
  /** Of what this route answers, as it was when the session was seen to be open; null where it was not read. */
  readonly version: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard on customers' routes; absent on all others. */
    customer?: CustomerPrincipal;
  }
}
