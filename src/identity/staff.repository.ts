import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Tx } from '../platform/database/database.js';
import type { Prisma, StaffStatus } from '../platform/database/prisma.js';
import type { Role } from './role.js';

const WITH_RELATIVES = {
  relatives: { orderBy: { customerNo: 'asc' }, select: { customerNo: true, relation: true } },
} as const satisfies Prisma.StaffInclude;

export type StaffRow = Prisma.StaffGetPayload<{ include: typeof WITH_RELATIVES }>;

/** What a sign-in needs to know of an account. */
interface SignInRow {
  readonly id: string;
  readonly worksToday: boolean;
  readonly passwordHash: string | null;
  /** The account has signed in from this address before. */
  readonly familiar: boolean;
}

/** Whoever answers a challenge. */
export interface ActivePerson {
  readonly id: string;
  readonly role: Role;
  readonly passwordHash: string | null;
  /** What the company's identity provider calls the person. */
  readonly oidcSubject: string | null;
  /** The activation that the account waits for, if its time is not over. */
  readonly activationHash: string | null;
}

export interface ActivatedAccount {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly hasFactor: boolean;
}

export interface NewStaff {
  readonly login: string;
  readonly displayName: string;
  readonly role: Role;
}

/** A one-time activation as it is kept. */
export interface Activation {
  readonly activationHash: string;
  readonly activationExpiresAt: Date;
}

export interface StaffChange {
  readonly role?: Role;
  readonly status?: StaffStatus;
  readonly customerNo?: string | null;
  readonly employer?: string | null;
  readonly team?: string | null;
  readonly mail?: string | null;
  readonly lastDay?: Date | null;
  readonly oidcSubject?: string | null;
}

@Injectable()
export class StaffRepository {
  /** In id order, one row more than `limit` so that the caller knows whether there is a next page. */
  list(tx: Tx, limit: number, afterId: string | null): Promise<StaffRow[]> {
    return tx.staff.findMany({
      where: afterId ? { id: { gt: afterId } } : {},
      include: WITH_RELATIVES,
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
  }

  /** Changes of one account come one after the other, and after the sign-ins that have begun. */
  async lock(tx: Tx, id: string): Promise<StaffRow | null> {
    await tx.$queryRaw`SELECT FROM staff WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    return tx.staff.findUnique({ where: { id }, include: WITH_RELATIVES });
  }

  /** Null when the login belongs to another account. */
  async insert(tx: Tx, account: Activation & NewStaff): Promise<StaffRow | null> {
    const [row] = await tx.staff.createManyAndReturn({ data: [account], skipDuplicates: true });
    return row ? { ...row, relatives: [] } : null;
  }

  async update(tx: Tx, id: string, change: StaffChange): Promise<void> {
    await tx.staff.update({ where: { id }, data: change, select: { id: true } });
  }

  /** Declares these, and takes back those that are declared and not among them. */
  async replaceRelatives(
    tx: Tx,
    staffId: string,
    relatives: readonly { customerNo: string; relation: string }[],
  ): Promise<void> {
    const kept = relatives.map(({ customerNo }) => customerNo);
    await tx.staffRelative.deleteMany({ where: { staffId, customerNo: { notIn: kept } } });
    for (const { customerNo, relation } of relatives)
      await tx.staffRelative.upsert({
        where: { staffId_customerNo: { staffId, customerNo } },
        create: { staffId, customerNo, relation },
        update: { relation },
      });
  }

  async oidcSubjectTaken(tx: Tx, oidcSubject: string, byOtherThan: string): Promise<boolean> {
    return (await tx.staff.count({ where: { oidcSubject, id: { not: byOtherThan } } })) > 0;
  }

  async customerNoTaken(tx: Tx, customerNo: string, byOtherThan: string): Promise<boolean> {
    return (await tx.staff.count({ where: { customerNo, id: { not: byOtherThan } } })) > 0;
  }

  /** Makes the account wait for its owner to choose a password; the old one, if any, is gone. Null: no token is out yet. */
  async reset(tx: Tx, id: string, activation: Activation | null): Promise<void> {
    const none = { activationHash: null, activationExpiresAt: null };
    await tx.staff.update({
      where: { id },
      data: { ...(activation ?? none), passwordHash: null },
      select: { id: true },
    });
  }

  async setPassword(tx: Tx, id: string, passwordHash: string): Promise<void> {
    await tx.staff.update({
      where: { id },
      data: { passwordHash, activationHash: null, activationExpiresAt: null },
      select: { id: true },
    });
  }

  /** One query whether or not there is such an account. */
  async findForSignIn(statements: Pool, login: string, address: string): Promise<SignInRow | null> {
    const { rows } = await statements.query<SignInRow>(
      `SELECT id, works_today(status, last_day) AS "worksToday", password_hash AS "passwordHash",
              EXISTS (SELECT FROM staff_session WHERE staff_id = staff.id AND address = $2::inet) AS familiar
       FROM staff WHERE login = $1`,
      [login, address],
    );
    return rows[0] ?? null;
  }

  /** An active account; its sign-ins, activation and changes come one after the other. */
  async lockActive(tx: Tx, id: string): Promise<ActivePerson | null> {
    const [row] = await tx.$queryRaw<ActivePerson[]>`
      SELECT id, role::text AS role, password_hash AS "passwordHash", oidc_subject AS "oidcSubject",
        CASE WHEN activation_expires_at > now() THEN activation_hash END AS "activationHash"
      FROM staff WHERE id = ${id}::uuid AND works_today(status, last_day) FOR NO KEY UPDATE`;
    return row ?? null;
  }

  /** The active account that two people linked with this subject; locked as above. */
  async lockBySubject(tx: Tx, oidcSubject: string): Promise<ActivePerson | null> {
    const known = await tx.staff.findUnique({ where: { oidcSubject }, select: { id: true } });
    const person = known && (await this.lockActive(tx, known.id));
    return person?.oidcSubject === oidcSubject ? person : null;
  }

  /** The active account that waits for this activation. */
  async findByActivation(tx: Tx, activationHash: string): Promise<ActivatedAccount | null> {
    const [row] = await tx.$queryRaw<ActivatedAccount[]>`
      SELECT id, login, display_name AS "displayName",
        EXISTS (SELECT FROM staff_totp WHERE staff_id = staff.id) OR EXISTS (SELECT FROM staff_passkey WHERE staff_id = staff.id) AS "hasFactor"
      FROM staff WHERE activation_hash = ${activationHash} AND activation_expires_at > now() AND works_today(status, last_day)`;
    return row ?? null;
  }

  /** Are there two administrators who can sign in, or still can activate the account? One question at a time. */
  async hasTwoAdministrators(tx: Tx): Promise<boolean> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('first administrator', 0))::text`;
    const rows = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM staff WHERE role = 'administrator' AND works_today(status, last_day)
        AND (password_hash IS NOT NULL OR activation_expires_at > now()) LIMIT 2`;
    return rows.length > 1;
  }
}
