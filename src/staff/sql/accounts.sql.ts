import type { Role } from '../../identity/role.js';
import type { Tx } from '../../platform/database/database.js';

export interface MadeAccount {
  readonly id: string;
  readonly role: Role;
  readonly hasMail: boolean;
}

/** The id of a new request; its state and time are the database's. */
export async function insertRequest(tx: Tx, askedBy: string): Promise<string> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO staff_account_request (asked_by) VALUES (${askedBy}::uuid) RETURNING id`;
  if (!row) throw new Error('asking for accounts answered no row');
  return row.id;
}

/** Makes the accounts of a request that was just closed as done; leaves out those whose login, customer number or subject is taken. */
export function insertAgreedAccounts(tx: Tx, requestId: string): Promise<MadeAccount[]> {
  return tx.$queryRaw<MadeAccount[]>`
    INSERT INTO staff (id, login, display_name, role, customer_no, employer, team, mail, last_day, oidc_subject, activation_hash, activation_expires_at)
    SELECT staff_id, login, display_name, role, customer_no, employer, team, mail, last_day, oidc_subject, activation_hash,
      CASE WHEN activation_hash IS NOT NULL THEN now() + interval '72 hours' END
    FROM staff_account_request_row WHERE request_id = ${requestId}::uuid ORDER BY line_no
    ON CONFLICT DO NOTHING
    RETURNING id, role::text AS role, mail IS NOT NULL AS "hasMail"`;
}

/** What one account alone may have. */
export interface Identifiers {
  readonly logins: readonly string[];
  readonly customerNos: readonly string[];
  readonly oidcSubjects: readonly string[];
}

/** Which of these accounts have already. Locks nothing. */
export async function listTaken(tx: Tx, { logins, customerNos, oidcSubjects }: Identifiers): Promise<Identifiers> {
  const [row] = await tx.$queryRaw<Identifiers[]>`
    SELECT ARRAY(SELECT login FROM staff WHERE login = ANY (${[...logins]}::text[])) AS logins,
      ARRAY(SELECT customer_no FROM staff WHERE customer_no = ANY (${[...customerNos]}::text[])) AS "customerNos",
      ARRAY(SELECT oidc_subject FROM staff WHERE oidc_subject = ANY (${[...oidcSubjects]}::text[])) AS "oidcSubjects"`;
  return row ?? { logins: [], customerNos: [], oidcSubjects: [] };
}
