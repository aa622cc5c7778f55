import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '../platform/database/database.js';
import type { StaffChallengePurpose } from '../platform/database/prisma.js';
import { ValidationFailed } from '../platform/problem/platform.errors.js';
import { ChallengeRepository, type Challenge, type ChallengeToOpen } from './challenge.repository.js';
import { FactorRepository } from './factor.repository.js';
import { Passkeys } from './passkeys.js';
import { hashOfRecoveryCode, newRecoveryCodes } from './recovery-codes.js';
import { SecondFactorThrottle } from './second-factor-throttle.js';
import type { ChallengeView, EnrolmentOfferView, Method, PasskeyCreationDto, ProofDto } from './second-factor.dto.js';
import { ChallengeOver, PasskeyKnown, SecondFactorRefused } from './second-factor.errors.js';
import { SecretBox } from './secret-box.js';
import { hashOfSecret } from './secret-token.js';
import { StaffRepository, type ActivePerson } from './staff.repository.js';
import { newTotpSecret, totpStep, totpUri } from './totp.js';

/** Where an answer came from. */
export interface SignInOrigin {
  readonly address: string;
  readonly requestId: string;
  /** What the browser or program says of itself. */
  readonly device: string;
}

/** What one can answer a challenge with; the last only where a factor is enrolled. */
export type Proof = Pick<ProofDto, 'totp' | 'recoveryCode' | 'passkey'> & { readonly newPasskey?: PasskeyCreationDto };
const PROOFS = ['totp', 'recoveryCode', 'passkey', 'newPasskey'] as const;

/** What is asked, and what is done once it is proven; null from either ends the try without effect. */
interface Answering<T> {
  readonly purpose: StaffChallengePurpose;
  prove(tx: Tx, challenge: Challenge, person: ActivePerson): Promise<Method | null>;
  effect(tx: Tx, challenge: Challenge, person: ActivePerson, method: Method): Promise<T | null>;
}

const CHALLENGE_SECONDS = 600;
const PASSKEY_NAME = 'passkey';

/** Second factors: offered, enrolled and proven, each proof once. */
@Injectable()
export class SecondFactors {
  private readonly logger = new Logger('SignIn');

  constructor(
    private readonly database: Database,
    private readonly challenges: ChallengeRepository,
    private readonly factors: FactorRepository,
    private readonly staff: StaffRepository,
    private readonly passkeys: Passkeys,
    private readonly box: SecretBox,
    private readonly throttle: SecondFactorThrottle,
  ) {}

  /** Asks an account for the factors that it has. */
  async ask(tx: Tx, asked: ChallengeToOpen): Promise<ChallengeView> {
    const { token, passkeyChallenge } = await this.challenges.open(tx, asked);
    const known = await this.factors.passkeys(tx, asked.staffId);
    const totp = await this.factors.sealedTotpSecret(tx, asked.staffId);
    const recoverable = await this.factors.hasRecoveryCode(tx, asked.staffId);
    return {
      challengeToken: token,
      expiresInSeconds: CHALLENGE_SECONDS,
      methods: [
        ...(totp === null ? [] : ['totp' as const]),
        ...(known.length === 0 ? [] : ['passkey' as const]),
        ...(recoverable ? ['recovery_code' as const] : []),
      ],
      passkeyOptions: known.length === 0 ? null : await this.passkeys.requestOptions(passkeyChallenge, known),
    };
  }

  /** Offers an account what it may enrol; the secret is kept sealed, and in use only when a code of it was given. */
  async offer(
    tx: Tx,
    asked: Omit<ChallengeToOpen, 'sealedTotpSecret' | 'staffId'>,
    person: { readonly id: string; readonly login: string; readonly displayName: string },
  ): Promise<{ challengeToken: string; expiresInSeconds: number; enrolment: EnrolmentOfferView }> {
    const secret = newTotpSecret();
    const sealedTotpSecret = this.box.seal(secret, person.id);
    const { token, passkeyChallenge } = await this.challenges.open(tx, {
      ...asked,
      staffId: person.id,
      sealedTotpSecret,
    });
    const known = await this.factors.passkeys(tx, person.id);
    const named = { staffId: person.id, login: person.login, displayName: person.displayName };
    return {
      challengeToken: token,
      expiresInSeconds: CHALLENGE_SECONDS,
      enrolment: {
        totp: { secret, uri: totpUri(secret, person.login) },
        passkeyOptions: await this.passkeys.creationOptions(passkeyChallenge, named, known),
      },
    };
  }

  /**
   * One try at a challenge. It counts whatever comes of it; what is proven and what follows from it are one transaction.
   * Errors: challenge_over, second_factor_refused, too_many_sign_ins.
   */
  async answer<T>(origin: SignInOrigin, challengeToken: string, answering: Answering<T>): Promise<T> {
    const hash = hashOfSecret(challengeToken);
    const asked = await this.challenges.find(this.database.shortStatements, hash, origin.address);
    if (!asked) throw new ChallengeOver();
    const attempt = { login: asked.staffId, address: origin.address, familiar: asked.familiar };
    await this.throttle.admit(attempt);
    const outcome = await this.database.transaction(async (tx) => {
      const challenge = await this.challenges.take(tx, hash, answering.purpose);
      const person = challenge && (await this.staff.lockActive(tx, challenge.staffId));
      if (!challenge || !person) return { refusal: new ChallengeOver() };
      const method = await answering.prove(tx, challenge, person);
      if (!method) return { refusal: new SecondFactorRefused() };
      await this.challenges.answer(tx, hash);
      const effect = await answering.effect(tx, challenge, person, method);
      return effect === null ? { refusal: new ChallengeOver() } : { effect };
    });
    if (outcome.refusal) {
      const { requestId, address } = origin;
      this.logger.warn({ requestId, address, staffId: asked.staffId }, 'second factor refused');
      throw outcome.refusal;
    }
    await this.throttle.forgive(attempt);
    return outcome.effect;
  }

  /** With a factor that the account has; null when it is wrong or was used before. */
  async prove(tx: Tx, challenge: Challenge, proof: Proof): Promise<Method | null> {
    const { staffId } = challenge;
    if (proof.totp !== undefined) return (await this.proveTotp(tx, challenge, proof.totp)) ? 'totp' : null;
    if (proof.recoveryCode !== undefined) {
      const spent = await this.factors.spendRecoveryCode(tx, staffId, hashOfRecoveryCode(proof.recoveryCode));
      return spent ? 'recovery_code' : null;
    }
    const response = proof.passkey;
    const known = (await this.factors.passkeys(tx, staffId)).find((key) => key.credentialId === response?.id);
    if (!response || !known) return null;
    const next = await this.passkeys.signed(challenge.passkeyChallenge, known, response);
    if (next === null || !(await this.factors.usePasskey(tx, known.id, known.signCount, next))) return null;
    return 'passkey';
  }

  /** What was offered, by a first proof of it. Errors: passkey_known. */
  async enrol(tx: Tx, challenge: Challenge, proof: Proof, name = PASSKEY_NAME): Promise<Method | null> {
    const { staffId, sealedTotpSecret: sealed, passkeyChallenge } = challenge;
    if (proof.totp !== undefined && sealed !== null) {
      const step = totpStep(this.box.open(sealed, staffId), proof.totp, challenge.nowMs);
      if (step === null) return null;
      await this.factors.setTotp(tx, staffId, sealed, step);
      return 'totp';
    }
    const created = proof.newPasskey && (await this.passkeys.created(passkeyChallenge, proof.newPasskey));
    if (!created) return null;
    if (!(await this.factors.addPasskey(tx, staffId, name, created))) throw new PasskeyKnown();
    return 'passkey';
  }

  /** Ten new ones, which the person sees once; the former ones work no more. */
  async newRecoveryCodes(tx: Tx, staffId: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.factors.replaceRecoveryCodes(tx, staffId, codes.map(hashOfRecoveryCode));
    return codes;
  }

  private async proveTotp(tx: Tx, { staffId, nowMs }: Challenge, code: string): Promise<boolean> {
    const sealed = await this.factors.sealedTotpSecret(tx, staffId);
    const step = sealed === null ? null : totpStep(this.box.open(sealed, staffId), code, nowMs);
    return step !== null && this.factors.spendTotpStep(tx, staffId, step);
  }
}

/** A request that carries no proof, or two, is a mistake and no try. Errors: validation_failed. */
export function assertOneProof(proof: Proof, allowed: readonly (typeof PROOFS)[number][]): void {
  const given = PROOFS.filter((kind) => proof[kind] !== undefined);
  if (given.length === 1 && given.every((kind) => allowed.includes(kind))) return;
  const message = `give exactly one of ${allowed.join(', ')}`;
  throw new ValidationFailed(allowed.map((path) => ({ path, message })));
}
