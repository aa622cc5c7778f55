import type { Tx } from '../../../platform/database/database.js';

export interface DestroyedLookUps {
  readonly count: bigint;
  /** SHA-256 over the ids in order. */
  readonly digest: string;
}

/** Destroys keys and answers of every look-up whose time is over; that there was one stays. Locks those look-ups. */
export async function destroyExpired(tx: Tx): Promise<DestroyedLookUps> {
  const [row] = await tx.$queryRaw<[DestroyedLookUps]>`
    WITH over AS (
      UPDATE bulk_look_up SET status = 'destroyed' WHERE status <> 'destroyed' AND expires_at <= now() RETURNING id),
    gone AS (DELETE FROM bulk_look_up_key k USING over WHERE k.bulk_look_up_id = over.id)
    SELECT count(*) AS count, encode(sha256(convert_to(coalesce(string_agg(id::text, E'\n' ORDER BY id), ''), 'UTF8')), 'hex') AS digest
    FROM over`;
  return row;
}
