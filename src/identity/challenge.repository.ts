import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Tx } from '../platform/database/database.js';
import type { StaffChallengePurpose } from '../platform/database/prisma.js';
import { newSecretToken } from './secret-token.js';

/** What a second factor is asked for, and what is already known of whoever answers. */
export interface Challenge {
  readonly staffId: string;
  readonly passkeyChallenge: string;
  readonly sealedTotpSecret: string | null;
  readonly passwordHash: string | null;
  readonly activationHash: string | null;
  readonly sessionId: string | null;
  /** The database's clock, so that all processes tell the same time when they read a code. */
  readonly nowMs: number;
}

export interface ChallengeToOpen {
  readonly staffId: string;
  readonly purpose: StaffChallengePurpose;
  readonly sealedTotpSecret?: string;
  readonly passwordHash?: string;
  readonly activationHash?: string;
  readonly sessionId?: string;
}

export interface OpenedChallenge {
  /** Shown once, to whoever has to answer. */
  readonly token: string;
  readonly tokenHash: string;
  readonly passkeyChallenge: string;
}

@Injectable()
export class ChallengeRepository {
  async open(tx: Tx, challenge: ChallengeToOpen): Promise<OpenedChallenge> {
    const { token, hash } = newSecretToken();
    const passkeyChallenge = randomBytes(32).toString('base64url');
    const { staffId, purpose, sealedTotpSecret = null, passwordHash = null, activationHash = null } = challenge;
    await tx.$executeRaw`
      INSERT INTO staff_challenge (token_hash, staff_id, purpose, passkey_challenge, sealed_totp_secret, password_hash, activation_hash, session_id)
      VALUES (${hash}, ${staffId}::uuid, ${purpose}::staff_challenge_purpose, ${passkeyChallenge}, ${sealedTotpSecret},
        ${passwordHash}, ${activationHash}, ${challenge.sessionId ?? null}::uuid)`;
    return { token, tokenHash: hash, passkeyChallenge };
  }

  /** Who is asked, and whether they have signed in from this address before; null when there is no such challenge. */
  async find(
    statements: Pool,
    tokenHash: string,
    address: string,
  ): Promise<{ staffId: string; familiar: boolean } | null> {
    const { rows } = await statements.query<{ staffId: string; familiar: boolean }>(
      `SELECT staff_id AS "staffId",
              EXISTS (SELECT FROM staff_session s WHERE s.staff_id = c.staff_id AND s.address = $2::inet) AS familiar
       FROM staff_challenge c WHERE token_hash = $1`,
      [tokenHash, address],
    );
    return rows[0] ?? null;
  }

  /**
   * Counts one try; null when the challenge is answered, over or tried five times. The caller commits in either case: a
   * try that is rolled back would not count. The row stays locked to the end, so parallel answers take turns.
   */
  async take(tx: Tx, tokenHash: string, purpose: StaffChallengePurpose): Promise<Challenge | null> {
    const [row] = await tx.$queryRaw<Challenge[]>`
      UPDATE staff_challenge SET tries = tries + 1
      WHERE token_hash = ${tokenHash} AND purpose = ${purpose}::staff_challenge_purpose
        AND tries < 5 AND answered_at IS NULL AND expires_at > clock_timestamp()
      RETURNING staff_id AS "staffId", passkey_challenge AS "passkeyChallenge", sealed_totp_secret AS "sealedTotpSecret",
        password_hash AS "passwordHash", activation_hash AS "activationHash", session_id AS "sessionId",
        extract(epoch FROM clock_timestamp())::float8 * 1000 AS "nowMs"`;
    return row ?? null;
  }

  async answer(tx: Tx, tokenHash: string): Promise<void> {
    await tx.$executeRaw`UPDATE staff_challenge SET answered_at = now() WHERE token_hash = ${tokenHash}`;
  }

  async forget(tx: Tx, days: number): Promise<void> {
    await tx.$executeRaw`DELETE FROM staff_challenge WHERE created_at < now() - make_interval(days => ${days}::int)`;
  }
}
