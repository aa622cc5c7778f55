import type { Tx } from '../../platform/database/database.js';
import type { ContactField } from '../../platform/database/prisma.js';

export interface TakenNotice {
  readonly id: bigint;
  readonly address: string;
  readonly messageId: string;
  readonly fields: ContactField[];
  readonly changedAt: Date;
  readonly lastTry: boolean;
}

/**
 * Takes the next notice that is due and puts it off to its next try, so that nobody else takes it meanwhile: after 2, 8, 32
 * and 128 minutes, five tries in all. Locks that notice; skips those that others hold.
 */
export async function takeNextNotice(tx: Tx): Promise<TakenNotice | null> {
  const [notice] = await tx.$queryRaw<TakenNotice[]>`
    UPDATE contact_notice n SET attempts = n.attempts + 1, next_try_at = now() + interval '2 minutes' * 4 ^ n.attempts
    FROM contact_change c
    WHERE c.id = n.contact_change_id AND n.id = (
      SELECT id FROM contact_notice WHERE status = 'due' AND next_try_at <= now() ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING n.id, n.address, n.message_id AS "messageId", c.fields::text[] AS fields, c.changed_at AS "changedAt", n.attempts >= 5 AS "lastTry"`;
  return notice ?? null;
}
