import type { Tx } from '../../platform/database/database.js';
import type { ContactCaller, ContactChannel } from '../../platform/database/prisma.js';

export interface OpenContact {
  readonly id: bigint;
  readonly channel: ContactChannel;
  readonly caller: ContactCaller;
  readonly agent: string;
  /** Of the one who asks. */
  readonly own: boolean;
  readonly openedAt: Date;
  readonly expiresAt: Date;
  /** May this caller be told anything, once they have passed the check? */
  readonly entitled: boolean;
  readonly passed: boolean;
  readonly failed: number;
  readonly isComplaint: boolean;
}

/** Who is on this holder now, oldest first; a contact that nobody closed drops out by itself. Locks nothing. */
export function readOpenContacts(
  tx: Tx,
  holderId: bigint,
  viewer: { readonly id: string; readonly role: string },
): Promise<OpenContact[]> {
  return tx.$queryRaw<OpenContact[]>`
    SELECT c.id, c.channel::text AS channel, c.caller::text AS caller, s.display_name AS agent, c.staff_id = ${viewer.id}::uuid AS own,
      c.opened_at AS "openedAt", c.expires_at AS "expiresAt", caller_may_be_told(c) AS entitled,
      EXISTS (SELECT FROM caller_check k WHERE k.contact_id = c.id AND k.passed) AS passed,
      (SELECT count(*)::int FROM caller_check k WHERE k.contact_id = c.id AND NOT k.passed) AS failed,
      EXISTS (SELECT FROM complaint p WHERE p.contact_id = c.id) AS "isComplaint"
    FROM contact c JOIN staff s ON s.id = c.staff_id
    WHERE c.holder_id = ${holderId} AND c.closed_at IS NULL AND c.expires_at > now()
      AND (NOT c.confidential OR ${viewer.role} = 'compliance')
    ORDER BY c.id`;
}
