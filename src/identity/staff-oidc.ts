import { Injectable, Logger } from '@nestjs/common';
import type { IDToken } from 'openid-client';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { CustomerThrottle } from './customer-throttle.js';
import { OidcSignIns } from './oidc-sign-ins.js';
import type { OidcCallbackDto, OidcStartedView } from './oidc.dto.js';
import { OidcRefused } from './oidc.errors.js';
import { FRESH_SECONDS } from './permissions.js';
import type { StaffPrincipal } from './principal.js';
import type { StepUpView } from './second-factor.dto.js';
import { SecondFactors, type SignInOrigin } from './second-factors.js';
import type { OidcSignedInView } from './staff-oidc.dto.js';
import { StaffRepository } from './staff.repository.js';
import { StaffSessions } from './staff-sessions.js';

/** Whoever steps up proves themselves to the provider anew; this is for the way back. */
const STEP_UP_MAX_AGE_SECONDS = 60;

/** Signing in of staff at the company's own identity provider, and proving themselves to it again. */
@Injectable()
export class StaffOidc {
  private readonly logger = new Logger('StaffOidc');

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly throttle: CustomerThrottle,
    private readonly signIns: OidcSignIns,
    private readonly staff: StaffRepository,
    private readonly secondFactors: SecondFactors,
    private readonly sessions: StaffSessions,
  ) {}

  /** Errors: oidc_not_offered, oidc_unavailable, too_many_sign_ins. */
  async start(ip: string): Promise<OidcStartedView> {
    await this.throttle.admitStart(ip);
    return this.signIns.start('staff', FRESH_SECONDS.session);
  }

  /**
   * Tokens where the provider says that it was shown a second factor; where it does not, its word is worth a password.
   * Errors: oidc_not_offered, oidc_refused, oidc_unavailable, too_many_sign_ins.
   */
  async signIn(origin: SignInOrigin, given: OidcCallbackDto): Promise<OidcSignedInView> {
    await this.throttle.admitTry(origin.address);
    const token = await this.signIns.finish('staff', origin.requestId, given, FRESH_SECONDS.session);
    const outcome = await this.database.transaction(async (tx) => {
      const person = await this.staff.lockBySubject(tx, token.sub);
      if (!person) return { refused: 'the subject is linked with no account in use' };
      if (this.provesSecondFactor(token))
        return { opened: await this.sessions.open(tx, origin, person, 'oidc', provenAt(token)) };
      if (person.passwordHash === null) return { refused: 'no second factor, neither at the provider nor here' };
      const { id: staffId, passwordHash } = person;
      return { challenge: await this.secondFactors.ask(tx, { staffId, purpose: 'sign_in', passwordHash }) };
    });
    if (outcome.refused) throw this.refusal(origin, outcome.refused);
    return {
      tokens: outcome.opened ? await this.sessions.tokensOf(outcome.opened) : null,
      challenge: outcome.challenge ?? null,
    };
  }

  /** Errors: oidc_not_offered, oidc_unavailable, too_many_sign_ins. */
  async startStepUp(ip: string): Promise<OidcStartedView> {
    await this.throttle.admitStart(ip);
    return this.signIns.start('staff', STEP_UP_MAX_AGE_SECONDS);
  }

  /** This session is fresh again. Errors: oidc_not_offered, oidc_refused, oidc_unavailable, too_many_sign_ins. */
  async stepUp(origin: SignInOrigin, principal: StaffPrincipal, given: OidcCallbackDto): Promise<StepUpView> {
    await this.throttle.admitTry(origin.address);
    const token = await this.signIns.finish('staff', origin.requestId, given, STEP_UP_MAX_AGE_SECONDS);
    if (!this.provesSecondFactor(token)) throw this.refusal(origin, 'no second factor at the provider');
    const view = await this.database.transaction(async (tx) => {
      const person = await this.staff.lockBySubject(tx, token.sub);
      if (person?.id !== principal.id) return null;
      return this.sessions.prove(tx, origin.requestId, principal, 'oidc', provenAt(token));
    });
    if (!view) throw this.refusal(origin, 'the subject is linked with another account, or the session has ended');
    return view;
  }

  private provesSecondFactor({ amr, acr }: IDToken): boolean {
    const said: readonly unknown[] = [...(Array.isArray(amr) ? (amr as unknown[]) : []), acr];
    const counts = this.config.staffOidcSecondFactor.split(',').map((value) => value.trim());
    return said.some((value) => typeof value === 'string' && value !== '' && counts.includes(value));
  }

  private refusal({ requestId, address }: SignInOrigin, why: string): OidcRefused {
    this.logger.warn({ requestId, address, why }, 'sign-in at the provider refused');
    return new OidcRefused();
  }
}

/** When the person proved themselves to the provider; that it says so and is recent enough was checked with the token. */
function provenAt({ auth_time: seconds = 0 }: IDToken): Date {
  return new Date(seconds * 1000);
}
