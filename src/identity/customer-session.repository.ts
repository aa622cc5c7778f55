import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Tx } from '../platform/database/database.js';
import type { CustomerSignInMethod } from '../platform/database/prisma.js';
import type { CustomerClaims } from './customer-tokens.js';

/** The version of something that customers read about themselves. */
export interface OwnVersion {
  readonly name: string;
  /** The expression that reads it, as text, for the holder whose id is the column `holderId`; null where there is nothing. */
  readonly version: (holderId: string) => string;
}

/** Whose session is open, and the version that was asked for with it. */
export interface LiveCustomer extends CustomerClaims {
  readonly version: string | null;
}

@Injectable()
export class CustomerSessionRepository {
  /** Opens a session and records the sign-in, in the same transaction. */
  async open(tx: Tx, holderId: bigint, method: CustomerSignInMethod, tokenHash: string): Promise<CustomerClaims> {
    await tx.customerSignIn.create({ data: { holderId, method }, select: { id: true } });
    const { id } = await tx.customerSession.create({ data: { holderId }, select: { id: true } });
    await tx.customerRefreshToken.create({ data: { tokenHash, sessionId: id }, select: { tokenHash: true } });
    return { holderId, sessionId: id };
  }

  /** The database finds out whether another customer was seen on it before. */
  async rememberDevice(tx: Tx, holderId: bigint, deviceHash: string): Promise<void> {
    await tx.$executeRaw`
      INSERT INTO customer_device (device_hash, holder_id) VALUES (${deviceHash}, ${holderId})
      ON CONFLICT (device_hash, holder_id) DO UPDATE SET last_seen_at = now()`;
  }

  /**
   * Each of them if its session is valid now, else null, in their order. By primary key: it runs at every request. `version`
   * is read for the valid ones alone, and of the holder whom the session belongs to, whatever the token says.
   */
  async findLive(
    statements: Pool,
    { name, version }: OwnVersion,
    all: readonly CustomerClaims[],
  ): Promise<(LiveCustomer | null)[]> {
    const { rows } = await statements.query<{ id: string; holder_id: string; version: string | null }>({
      name: `live-customer-sessions-${name}`,
      text: `
        SELECT session.id, session.holder_id, ${version('session.holder_id')} AS version
        FROM customer_session session WHERE session.id = ANY($1::uuid[]) AND session.ended_at IS NULL AND session.expires_at > now()`,
      values: [all.map(({ sessionId }) => sessionId)],
    });
    const sessions = new Map(rows.map((row) => [row.id, row]));
    return all.map((claims) => {
      const session = sessions.get(claims.sessionId);
      return session && BigInt(session.holder_id) === claims.holderId ? { ...claims, version: session.version } : null;
    });
  }

  /** Spends one refresh token and issues the next, in one statement: of many at once the first wins, the others get null. */
  async rotate(tx: Tx, tokenHash: string, nextHash: string): Promise<CustomerClaims | null> {
    const [row] = await tx.$queryRaw<CustomerClaims[]>`
      WITH spent AS (
        UPDATE customer_refresh_token token SET rotated_at = clock_timestamp()
        FROM customer_session session
        WHERE token.token_hash = ${tokenHash} AND token.rotated_at IS NULL AND session.id = token.session_id
          AND session.ended_at IS NULL AND session.expires_at > now()
        RETURNING session.id AS session_id, session.holder_id
      ), issued AS (
        INSERT INTO customer_refresh_token (token_hash, session_id) SELECT ${nextHash}, session_id FROM spent
      )
      SELECT session_id AS "sessionId", holder_id AS "holderId" FROM spent`;
    return row ?? null;
  }

  /** The live session whose spent token comes again; `waitedMs` as for staff: who lost a race has copied nothing. */
  async findReplayed(tx: Tx, tokenHash: string, waitedMs: number): Promise<CustomerClaims | null> {
    const [row] = await tx.$queryRaw<CustomerClaims[]>`
      SELECT session.id AS "sessionId", session.holder_id AS "holderId"
      FROM customer_refresh_token token JOIN customer_session session ON session.id = token.session_id
      WHERE token.token_hash = ${tokenHash} AND session.ended_at IS NULL
        AND token.rotated_at < statement_timestamp() - make_interval(secs => ${waitedMs / 1000}::double precision)`;
    return row ?? null;
  }

  async end(tx: Tx, sessionId: string, reason: 'signed_out' | 'replayed'): Promise<void> {
    await tx.$executeRaw`
      UPDATE customer_session SET ended_at = now(), end_reason = ${reason}::session_end
      WHERE id = ${sessionId}::uuid AND ended_at IS NULL`;
  }

  /** Sessions that began, and devices last seen, more than `days` ago; that there was a sign-in stays recorded. */
  async forget(tx: Tx, days: number): Promise<void> {
    await tx.$executeRaw`DELETE FROM customer_session WHERE created_at < now() - make_interval(days => ${days}::int)`;
    await tx.$executeRaw`DELETE FROM customer_device WHERE last_seen_at < now() - make_interval(days => ${days}::int)`;
  }
}
