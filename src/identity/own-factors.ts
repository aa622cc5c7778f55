import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Json } from '../platform/json.js';
import { FactorRepository, type EnrolledFactors } from './factor.repository.js';
import type { EnrolmentChallengeView, EnrolOwnFactorDto, OwnFactorsView, RenewedCodesView } from './own-factor.dto.js';
import type { StaffPrincipal } from './principal.js';
import { FactorNotFound, LastFactorStays } from './second-factor.errors.js';
import { assertOneProof, SecondFactors, type SignInOrigin } from './second-factors.js';
import { StaffMails } from './staff-mails.js';
import { StaffRepository } from './staff.repository.js';

type Change = 'factor_added' | 'factor_removed' | 'recovery_codes_renewed';

/** One's own second factors while signed in; each change asks for a fresh proof before, and is told to the owner by mail. */
@Injectable()
export class OwnFactors {
  constructor(
    private readonly database: Database,
    private readonly staff: StaffRepository,
    private readonly factors: FactorRepository,
    private readonly secondFactors: SecondFactors,
    private readonly mails: StaffMails,
    private readonly audit: Audit,
  ) {}

  list({ id }: StaffPrincipal): Promise<OwnFactorsView> {
    return this.database.consistentRead(async (tx) => viewOf(await this.factors.list(tx, id)));
  }

  /** A secret for an authenticator app, and what a new passkey has to sign; nothing is enrolled yet. */
  offer({ id, sessionId }: StaffPrincipal): Promise<EnrolmentChallengeView> {
    return this.database.transaction(async (tx) => {
      const { login, displayName } = await tx.staff.findUniqueOrThrow({ where: { id } });
      return this.secondFactors.offer(tx, { purpose: 'enrolment', sessionId }, { id, login, displayName });
    });
  }

  /**
   * An app takes the place of the former one; a passkey comes beside those that there are.
   * Errors: challenge_over, second_factor_refused, too_many_sign_ins, passkey_known.
   */
  async add(
    origin: SignInOrigin,
    principal: StaffPrincipal,
    { challengeToken, name, ...proof }: EnrolOwnFactorDto,
  ): Promise<OwnFactorsView> {
    assertOneProof(proof, ['totp', 'newPasskey']);
    return this.secondFactors.answer(origin, challengeToken, {
      purpose: 'enrolment',
      prove: async (tx, challenge) =>
        challenge.sessionId === principal.sessionId ? this.secondFactors.enrol(tx, challenge, proof, name) : null,
      effect: (tx, _challenge, _person, method) => this.changed(tx, origin, principal, 'factor_added', { method }),
    });
  }

  /** Errors: factor_not_found, last_factor_stays. */
  removeTotp(origin: SignInOrigin, principal: StaffPrincipal): Promise<void> {
    return this.remove(origin, principal, { method: 'totp' }, (tx) => this.factors.removeTotp(tx, principal.id));
  }

  /** Errors: factor_not_found, last_factor_stays. */
  removePasskey(origin: SignInOrigin, principal: StaffPrincipal, passkeyId: string): Promise<void> {
    return this.remove(origin, principal, { method: 'passkey', passkeyId }, (tx) =>
      this.factors.removePasskey(tx, principal.id, passkeyId),
    );
  }

  renewRecoveryCodes(origin: SignInOrigin, principal: StaffPrincipal): Promise<RenewedCodesView> {
    return this.database.transaction(async (tx) => {
      await this.staff.lock(tx, principal.id);
      const recoveryCodes = await this.secondFactors.newRecoveryCodes(tx, principal.id);
      await this.changed(tx, origin, principal, 'recovery_codes_renewed', {});
      return { recoveryCodes };
    });
  }

  private remove(
    origin: SignInOrigin,
    principal: StaffPrincipal,
    which: Readonly<Record<string, Json>>,
    removal: (tx: Tx) => Promise<boolean>,
  ): Promise<void> {
    return this.database.transaction(async (tx) => {
      // Two that are removed at once are removed one after the other, so that the second is seen to be the last.
      await this.staff.lock(tx, principal.id);
      const { totp, passkeys } = await this.factors.list(tx, principal.id);
      const known = which.method === 'totp' ? totp : passkeys.find(({ id }) => id === which.passkeyId);
      if (!known) throw new FactorNotFound();
      if (passkeys.length + (totp ? 1 : 0) === 1) throw new LastFactorStays();
      if (!(await removal(tx))) throw new FactorNotFound();
      await this.changed(tx, origin, principal, 'factor_removed', which);
    });
  }

  private async changed(
    tx: Tx,
    { requestId, address, device }: SignInOrigin,
    { id, role, sessionId }: StaffPrincipal,
    change: Change,
    what: Readonly<Record<string, Json>>,
  ): Promise<OwnFactorsView> {
    await this.mails.leave(tx, id, change, { address, device });
    await this.audit.record(
      tx,
      { actor: { id, role }, requestId },
      { action: `staff.${change}`, subjectType: 'staff', subjectId: id, after: { sessionId, ...what } },
    );
    return viewOf(await this.factors.list(tx, id));
  }
}

function viewOf({ totp, passkeys, recoveryCodesLeft }: EnrolledFactors): OwnFactorsView {
  return {
    totp: totp && { createdAt: totp.createdAt.toISOString() },
    passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
      id,
      name,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
    recoveryCodesLeft,
  };
}
