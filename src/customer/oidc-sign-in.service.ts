import { Injectable } from '@nestjs/common';
import { ContactChanges } from '../holder/contact-changes.js';
import type { TokensView } from '../identity/auth.dto.js';
import { CustomerPlaces, type CustomerOrigin } from '../identity/customer-origin.js';
import { CUSTOMER } from '../identity/customer-principal.js';
import { CustomerSessions } from '../identity/customer-sessions.js';
import { CustomerThrottle } from '../identity/customer-throttle.js';
import { OidcSignIns } from '../identity/oidc-sign-ins.js';
import type { OidcCallbackDto, OidcStartedView } from '../identity/oidc.dto.js';
import { OidcRefused } from '../identity/oidc.errors.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { findOidcOwner } from './sql/find-oidc-owner.sql.js';
import { CUSTOMER_NO } from '../holder/person.rules.js';

/** Signing in at the exchange's own identity provider, which names the customer by number. */
@Injectable()
export class OidcSignIn {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly throttle: CustomerThrottle,
    private readonly signIns: OidcSignIns,
    private readonly sessions: CustomerSessions,
    private readonly contacts: ContactChanges,
    private readonly places: CustomerPlaces,
  ) {}

  /** Errors: oidc_not_offered, oidc_unavailable, too_many_sign_ins. */
  async start(ip: string): Promise<OidcStartedView> {
    await this.throttle.admitStart(ip);
    return this.signIns.start('customer');
  }

  /** Errors: oidc_not_offered, oidc_refused, oidc_unavailable, too_many_sign_ins. */
  async signIn(origin: CustomerOrigin, given: OidcCallbackDto): Promise<TokensView> {
    const { requestId, address } = origin;
    await this.throttle.admitTry(address);
    const person = await this.signIns.finish('customer', requestId, given);
    const customerNo = person[this.config.customerOidcCustomerNoClaim];
    if (typeof customerNo !== 'string' || !CUSTOMER_NO.test(customerNo)) throw new OidcRefused();
    return this.database.transaction(async (tx) => {
      const holderId = await findOidcOwner(tx, customerNo);
      if (holderId === null) throw new OidcRefused();
      const context = { actor: { id: holderId.toString(), role: CUSTOMER }, requestId };
      await this.contacts.linkSignIn(tx, context, holderId, person.sub, this.places.addressHash(address));
      return this.sessions.open(tx, origin, holderId, 'openid');
    });
  }
}
