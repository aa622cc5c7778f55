import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { createParamDecorator, Injectable, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../platform/config/config.js';

/** From where a customer signs in. */
export interface CustomerOrigin {
  readonly requestId: string;
  readonly address: string;
  /** The secret in the cookie of the device; it proves nothing and opens nothing. Null where there is no browser. */
  readonly device: string | null;
}

const COOKIE = 'henkin_device';
const GIVEN = new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{43})(?:;|$)`);
/** As long as it is remembered who signed in on the device. */
const KEPT_SECONDS = 90 * 24 * 60 * 60;

/** Reads the cookie of the device; one that has none gets one with this answer. Browsers take Secure on a loopback name too. */
export const SignInOriginOfCustomer = createParamDecorator(
  (_data: unknown, execution: ExecutionContext): CustomerOrigin => {
    const { id: requestId, ip: address, headers } = execution.switchToHttp().getRequest<FastifyRequest>();
    const device = GIVEN.exec(headers.cookie ?? '')?.[1] ?? randomBytes(32).toString('base64url');
    const cookie = `${COOKIE}=${device}; Max-Age=${KEPT_SECONDS}; Path=/v1/auth/customer; HttpOnly; Secure; SameSite=Strict`;
    void execution.switchToHttp().getResponse<FastifyReply>().header('set-cookie', cookie);
    return { requestId, address, device };
  },
);

/** What is kept of devices and addresses: hashes under a key that the database does not have, which name nobody. */
@Injectable()
export class CustomerPlaces {
  private readonly key: Buffer;

  constructor(config: Config) {
    this.key = Buffer.from(hkdfSync('sha256', config.tokenSecret, '', 'henkin:customer-place', 32));
  }

  deviceHash(device: string): string {
    return this.hash(`device:${device}`);
  }

  /** Short enough to stand in the origin of a change. */
  addressHash(address: string): string {
    return this.hash(`address:${address}`).slice(0, 32);
  }

  private hash(what: string): string {
    return createHmac('sha256', this.key).update(what).digest('hex');
  }
}
