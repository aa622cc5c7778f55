import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { ActivationRefused, PasswordTooWeak } from './identity.errors.js';
import { passwordFlaw } from './password.rules.js';
import { hashPassword, normalised } from './passwords.js';
import type { ActivationChallengeView, CompleteActivationDto, EnrolledView } from './second-factor.dto.js';
import { assertOneProof, SecondFactors, type SignInOrigin } from './second-factors.js';
import { hashOfSecret } from './secret-token.js';
import { StaffRepository } from './staff.repository.js';
import { StaffSessions } from './staff-sessions.js';

/**
 * Activation of a new or reset account, in two steps. The password that the person chooses counts only when the second
 * factor is proven with it, so that no account ever has the one without the other; until then the token still works.
 */
@Injectable()
export class ActivationService {
  constructor(
    private readonly database: Database,
    private readonly staff: StaffRepository,
    private readonly sessions: StaffSessions,
    private readonly secondFactors: SecondFactors,
    private readonly audit: Audit,
  ) {}

  /** Offers what may be enrolled, or asks for the factor that a reset has left. Errors: activation_refused, password_too_weak. */
  choosePassword(activationToken: string, password: string): Promise<ActivationChallengeView> {
    const activationHash = hashOfSecret(activationToken);
    return this.database.transaction(async (tx) => {
      const account = await this.staff.findByActivation(tx, activationHash);
      if (!account) throw new ActivationRefused();
      const flaw = await passwordFlaw(normalised(password), account.login);
      if (flaw) throw new PasswordTooWeak(flaw);
      const passwordHash = await hashPassword(password);
      const asked = { purpose: 'activation', passwordHash, activationHash } as const;
      if (account.hasFactor)
        return { ...(await this.secondFactors.ask(tx, { ...asked, staffId: account.id })), enrolment: null };
      const offered = await this.secondFactors.offer(tx, asked, account);
      return { ...offered, methods: [], passkeyOptions: null };
    });
  }

  /**
   * Sets the password, enrols the factor and signs in, once for each activation token.
   * Errors: challenge_over, second_factor_refused, too_many_sign_ins, passkey_known.
   */
  async complete(origin: SignInOrigin, { challengeToken, ...proof }: CompleteActivationDto): Promise<EnrolledView> {
    assertOneProof(proof, ['totp', 'newPasskey', 'passkey', 'recoveryCode']);
    const { opened, recoveryCodes } = await this.secondFactors.answer(origin, challengeToken, {
      purpose: 'activation',
      prove: (tx, challenge, person) => {
        if (person.activationHash !== challenge.activationHash) return Promise.resolve(null);
        return challenge.sealedTotpSecret === null
          ? this.secondFactors.prove(tx, challenge, proof)
          : this.secondFactors.enrol(tx, challenge, proof);
      },
      effect: async (tx, challenge, person, method) => {
        if (challenge.passwordHash === null) return null;
        await this.staff.setPassword(tx, person.id, challenge.passwordHash);
        const enrolled = challenge.sealedTotpSecret !== null;
        const codes = enrolled ? await this.secondFactors.newRecoveryCodes(tx, person.id) : [];
        await this.audit.record(
          tx,
          { actor: { id: person.id, role: person.role }, requestId: origin.requestId },
          { action: 'staff.activated', subjectType: 'staff', subjectId: person.id, after: { method, enrolled } },
        );
        return { opened: await this.sessions.open(tx, origin, person, method), recoveryCodes: codes };
      },
    });
    return { ...(await this.sessions.tokensOf(opened)), recoveryCodes };
  }
}
