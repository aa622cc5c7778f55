import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { TokensView } from './auth.dto.js';
import { SignInRefused } from './identity.errors.js';
import { passwordMatches } from './passwords.js';
import type { StaffPrincipal } from './principal.js';
import type { ChallengeView, SecondFactorDto, StepUpDto, StepUpView } from './second-factor.dto.js';
import { assertOneProof, SecondFactors, type SignInOrigin } from './second-factors.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { StaffRepository } from './staff.repository.js';
import { StaffSessions } from './staff-sessions.js';

/** An account whose password was just given rightly; the hash says which password that was. */
export interface ProvenStaff {
  readonly id: string;
  readonly passwordHash: string;
}

/** Signing in, in two steps, and proving the second of them again. */
@Injectable()
export class AuthService {
  private readonly logger = new Logger('SignIn');

  constructor(
    private readonly database: Database,
    private readonly staff: StaffRepository,
    private readonly opened: StaffSessions,
    private readonly secondFactors: SecondFactors,
    private readonly throttle: SignInThrottle,
  ) {}

  /** Null for an unknown login, a wrong password and an account that is disabled or past its last day alike, after the same work. Errors: too_many_sign_ins. */
  async checkPassword(
    typedLogin: string,
    password: string,
    origin: Omit<SignInOrigin, 'device'>,
  ): Promise<ProvenStaff | null> {
    const login = typedLogin.toLowerCase();
    const account = await this.staff.findForSignIn(this.database.shortStatements, login, origin.address);
    const attempt = { login, address: origin.address, familiar: account?.familiar ?? false };
    await this.throttle.admit(attempt);
    const matches = await passwordMatches(account?.passwordHash ?? null, password);
    if (!matches || !account?.passwordHash || !account.worksToday) {
      this.logger.warn({ ...origin, staffId: account?.id ?? null }, 'sign-in refused');
      return null;
    }
    await this.throttle.forgive(attempt);
    return { id: account.id, passwordHash: account.passwordHash };
  }

  /** The first step: no token yet, but what to answer for one. Errors: sign_in_refused. */
  async askSecondFactor(proven: ProvenStaff | null): Promise<ChallengeView> {
    if (!proven) throw new SignInRefused();
    const { id: staffId, passwordHash } = proven;
    return this.database.transaction((tx) => this.secondFactors.ask(tx, { staffId, purpose: 'sign_in', passwordHash }));
  }

  /**
   * The second step: tokens for a right answer, unless the account was disabled or reset since its password was checked.
   * Errors: challenge_over, second_factor_refused, too_many_sign_ins.
   */
  async signIn(origin: SignInOrigin, { challengeToken, ...proof }: SecondFactorDto): Promise<TokensView> {
    assertOneProof(proof, ['totp', 'passkey', 'recoveryCode']);
    const opened = await this.secondFactors.answer(origin, challengeToken, {
      purpose: 'sign_in',
      prove: (tx, challenge) => this.secondFactors.prove(tx, challenge, proof),
      effect: async (tx, challenge, person, method) =>
        person.passwordHash === challenge.passwordHash ? this.opened.open(tx, origin, person, method) : null,
    });
    return this.opened.tokensOf(opened);
  }

  /** For a passkey, which has to sign something; a code needs no challenge. */
  askStepUp({ id: staffId, sessionId }: StaffPrincipal): Promise<ChallengeView> {
    return this.database.transaction((tx) => this.secondFactors.ask(tx, { staffId, purpose: 'step_up', sessionId }));
  }

  /** From now on this session is fresh again. Errors: challenge_over, second_factor_refused, too_many_sign_ins. */
  async stepUp(
    origin: SignInOrigin,
    principal: StaffPrincipal,
    { challengeToken, ...proof }: StepUpDto,
  ): Promise<StepUpView> {
    assertOneProof(proof, ['totp', 'passkey', 'recoveryCode']);
    const token = challengeToken ?? (await this.askStepUp(principal)).challengeToken;
    return this.secondFactors.answer(origin, token, {
      purpose: 'step_up',
      prove: async (tx, challenge) =>
        challenge.sessionId === principal.sessionId ? this.secondFactors.prove(tx, challenge, proof) : null,
      effect: (tx, _challenge, { role }, method) =>
        this.opened.prove(tx, origin.requestId, { ...principal, role }, method),
    });
  }
}
