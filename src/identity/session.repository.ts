import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Tx } from '../platform/database/database.js';
import type { SessionEnd } from '../platform/database/prisma.js';
import type { StaffClaims } from './access-tokens.js';
import type { Role } from './role.js';

/** A session and whose it is. */
export interface SessionRow {
  readonly sessionId: string;
  readonly staffId: string;
  readonly role: Role;
}

/** A session that is valid now. */
export interface LiveSession extends SessionRow {
  /** How long ago the second factor was proven in it, by the database's clock. */
  readonly provenSecondsAgo: number;
}

/** A session as its owner sees it. */
export interface OwnSessionRow {
  readonly id: string;
  readonly device: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly provenAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

@Injectable()
export class SessionRepository {
  async open(
    tx: Tx,
    staffId: string,
    from: { readonly address: string; readonly device: string },
    tokenHash: string,
    byOidc: boolean,
  ): Promise<string> {
    const { id } = await tx.staffSession.create({ data: { staffId, ...from, byOidc }, select: { id: true } });
    await tx.staffRefreshToken.create({ data: { tokenHash, sessionId: id }, select: { tokenHash: true } });
    return id;
  }

  /**
   * The session of each of them, in their order; null unless it and its owner are valid now. By primary keys, in one
   * query: it runs at every request.
   */
  async findLive(statements: Pool, all: readonly StaffClaims[]): Promise<(LiveSession | null)[]> {
    const { rows } = await statements.query<LiveSession>({
      name: 'live-staff-sessions',
      text: `
        SELECT session.id AS "sessionId", staff.id AS "staffId", staff.role,
               extract(epoch FROM now() - session.proven_at)::float8 AS "provenSecondsAgo"
        FROM staff_session session JOIN staff ON staff.id = session.staff_id
        WHERE session.id = ANY($1::uuid[])
          AND session.ended_at IS NULL AND session.expires_at > now() AND works_today(staff.status, staff.last_day)`,
      values: [[...new Set(all.map(({ sessionId }) => sessionId))]],
    });
    const sessions = new Map(rows.map((row) => [row.sessionId, row]));
    return all.map(({ sessionId, staffId }) => {
      const session = sessions.get(sessionId);
      return session?.staffId === staffId ? session : null;
    });
  }

  /**
   * Spends one refresh token and issues the next, in one statement. Of many at once the first locks the row and the
   * others, when they get it, find the token spent: they change nothing and get null.
   */
  async rotate(tx: Tx, tokenHash: string, nextHash: string): Promise<SessionRow | null> {
    const [row] = await tx.$queryRaw<SessionRow[]>`
      WITH spent AS (
        UPDATE staff_refresh_token token SET rotated_at = clock_timestamp()
        FROM staff_session session JOIN staff ON staff.id = session.staff_id
        WHERE token.token_hash = ${tokenHash} AND token.rotated_at IS NULL AND session.id = token.session_id
          AND session.ended_at IS NULL AND session.expires_at > now() AND works_today(staff.status, staff.last_day)
        RETURNING session.id AS session_id, staff.id AS staff_id, staff.role
      ), issued AS (
        INSERT INTO staff_refresh_token (token_hash, session_id) SELECT ${nextHash}, session_id FROM spent
      )
      SELECT session_id AS "sessionId", staff_id AS "staffId", role::text AS role FROM spent`;
    return row ?? null;
  }

  /**
   * The live session whose refresh token comes a second time, unless both uses were under way at once.
   * `waitedMs` is how long ago the request arrived: one that arrived before the token was spent lost a race and copied
   * nothing. The database's clock is asked for both instants, so that no other clock has to be right.
   */
  async findReplayed(tx: Tx, tokenHash: string, waitedMs: number): Promise<SessionRow | null> {
    const [row] = await tx.$queryRaw<SessionRow[]>`
      SELECT session.id AS "sessionId", staff.id AS "staffId", staff.role::text AS role
      FROM staff_refresh_token token
      JOIN staff_session session ON session.id = token.session_id
      JOIN staff ON staff.id = session.staff_id
      WHERE token.token_hash = ${tokenHash} AND session.ended_at IS NULL
        AND token.rotated_at < statement_timestamp() - make_interval(secs => ${waitedMs / 1000}::double precision)`;
    return row ?? null;
  }

  /** The second factor was proven again, just now or at the given time; null when the session ended meanwhile. */
  async prove(tx: Tx, sessionId: string, at: Date | null): Promise<Date | null> {
    const [row] = await tx.$queryRaw<{ provenAt: Date }[]>`
      UPDATE staff_session SET proven_at = greatest(proven_at, least(now(), coalesce(${at}::timestamptz, now())))
      WHERE id = ${sessionId}::uuid AND ended_at IS NULL AND expires_at > now()
      RETURNING proven_at AS "provenAt"`;
    return row?.provenAt ?? null;
  }

  /** A session that was just opened is as fresh as what was proven to the provider. */
  async openedAsOf(tx: Tx, sessionId: string, at: Date): Promise<void> {
    await tx.$executeRaw`
      UPDATE staff_session SET proven_at = least(proven_at, ${at}::timestamptz) WHERE id = ${sessionId}::uuid`;
  }

  /** Is this another device, or another address, than the account's sessions have come from? Of the first session nobody is told. */
  async isNewPlace(
    tx: Tx,
    staffId: string,
    from: { readonly address: string; readonly device: string },
  ): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ isNew: boolean }[]>`
      SELECT count(*) > 0 AND (count(*) FILTER (WHERE address = ${from.address}::inet) = 0 OR count(*) FILTER (WHERE device = ${from.device}) = 0) AS "isNew"
      FROM staff_session WHERE staff_id = ${staffId}::uuid`;
    return row?.isNew ?? false;
  }

  /** The live sessions of an account, newest first. */
  async listLive(tx: Tx, staffId: string): Promise<OwnSessionRow[]> {
    return tx.$queryRaw<OwnSessionRow[]>`
      SELECT session.id, device, host(address) AS address, session.created_at AS "createdAt", proven_at AS "provenAt", expires_at AS "expiresAt",
        (SELECT max(issued_at) FROM staff_refresh_token token WHERE token.session_id = session.id) AS "lastUsedAt"
      FROM staff_session session WHERE staff_id = ${staffId}::uuid AND ended_at IS NULL AND expires_at > now() ORDER BY session.id DESC`;
  }

  /** One of a person's own sessions, or all but one; answers which were ended. */
  async endOwn(
    tx: Tx,
    staffId: string,
    which: { readonly only: string } | { readonly allBut: string },
  ): Promise<string[]> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      UPDATE staff_session SET ended_at = now(), end_reason = 'signed_out'
      WHERE staff_id = ${staffId}::uuid AND ended_at IS NULL AND expires_at > now()
        AND ${'only' in which} = (id = ${'only' in which ? which.only : which.allBut}::uuid)
      RETURNING id`;
    return rows.map(({ id }) => id);
  }

  async end(tx: Tx, sessionId: string, reason: SessionEnd): Promise<void> {
    await tx.$executeRaw`
      UPDATE staff_session SET ended_at = now(), end_reason = ${reason}::session_end WHERE id = ${sessionId}::uuid AND ended_at IS NULL`;
  }

  async endAll(tx: Tx, staffId: string, reason: SessionEnd): Promise<void> {
    await tx.$executeRaw`
      UPDATE staff_session SET ended_at = now(), end_reason = ${reason}::session_end WHERE staff_id = ${staffId}::uuid AND ended_at IS NULL`;
  }

  /** Forgets sessions that began more than `days` ago, with their refresh tokens. */
  async forget(tx: Tx, days: number): Promise<void> {
    await tx.$executeRaw`DELETE FROM staff_session WHERE created_at < now() - make_interval(days => ${days}::int)`;
  }
}
