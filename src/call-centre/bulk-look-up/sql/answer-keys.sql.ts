import type { Tx } from '../../../platform/database/database.js';

export interface AnsweredKeys {
  readonly foundCount: number;
  /** SHA-256 over place, claim and state of every key in order. */
  readonly digest: string;
}

/**
 * Finds all keys of a look-up and writes down the facts about their claims, at one instant. A number that reads as both is a
 * customer's first, as in the search. Whose record the person who asks may not open is left as if nobody had the number.
 * Locks only the keys themselves, which nobody else writes. They were written a moment ago, so the planner knows nothing of how
 * many they are and is told not to look at them one by one.
 */
export async function answerKeys(tx: Tx, lookUpId: string, ownerId: string): Promise<AnsweredKeys> {
  await tx.$queryRaw`SELECT set_config('enable_nestloop', 'off', true)`;
  const [row] = await tx.$queryRaw<[AnsweredKeys]>`
    WITH fund AS MATERIALIZED (SELECT balance_jpy FROM ledger_account WHERE kind = 'compensation_fund' AND holder_id IS NULL),
    batch AS MATERIALIZED (SELECT b.id, b.status, credit_batch_waits_for_signatures(b) AS signatures_missing FROM credit_batch b),
    waiting_run AS MATERIALIZED (SELECT range_agg(claim_ids) AS claim_ids FROM approval_run WHERE status = 'proposed'),
    named AS MATERIALIZED (
      SELECT k.seq, h.id AS holder_id, h.customer_no, asked.id AS asked_claim_id
      FROM bulk_look_up_key k
      LEFT JOIN holder own_number ON own_number.customer_no = k.customer_no
      LEFT JOIN claim asked ON own_number.id IS NULL AND asked.claim_no = k.claim_no
      JOIN holder h ON h.id = coalesce(own_number.id, asked.holder_id)
      WHERE k.bulk_look_up_id = ${lookUpId}::uuid
        AND NOT EXISTS (SELECT FROM staff_interest i WHERE i.staff_id = ${ownerId}::uuid AND i.customer_no = h.customer_no)),
    found AS MATERIALIZED (
      SELECT n.seq, n.customer_no, c.id AS claim_id, c.claim_no, c.status, c.amount_jpy
      FROM named n
      LEFT JOIN claim announced ON announced.holder_id = n.holder_id AND announced.parent_claim_id IS NULL
      LEFT JOIN claim c ON c.id = coalesce(n.asked_claim_id, announced.id)),
    held AS MATERIALIZED (
      SELECT x.claim_id, bool_or(x.reason_code = 'contact_changed' AND x.placed_by IS NULL) AS contact,
             bool_or(x.reason_code <> 'contact_changed' OR x.placed_by IS NOT NULL) AS other
      FROM claim_hold x WHERE x.status = 'active' GROUP BY x.claim_id),
    answered AS (
      UPDATE bulk_look_up_key k
      SET found_customer_no = f.customer_no, found_claim_no = f.claim_no, status = f.status, amount_jpy = f.amount_jpy,
          contact_changed = coalesce(held.contact, false), held_otherwise = coalesce(held.other, false),
          decision_waits = coalesce(p.claim_id IS NOT NULL OR (SELECT claim_ids FROM waiting_run) @> f.claim_id, false),
          fund_short = (SELECT balance_jpy FROM fund) < f.amount_jpy,
          batch_status = batch.status, signatures_missing = coalesce(batch.signatures_missing, false)
      FROM found f
      LEFT JOIN held ON held.claim_id = f.claim_id
      LEFT JOIN claim_proposal p ON p.claim_id = f.claim_id AND p.status = 'proposed'
      LEFT JOIN credit_batch_item i ON i.claim_id = f.claim_id AND i.skip_reason IS NULL
      LEFT JOIN batch ON batch.id = i.batch_id
      WHERE k.bulk_look_up_id = ${lookUpId}::uuid AND k.seq = f.seq
      RETURNING k.seq, k.found_claim_no, k.status)
    SELECT count(*)::int AS "foundCount",
           encode(sha256(convert_to(coalesce(string_agg(seq || ':' || coalesce(found_claim_no, '-') || ':' || coalesce(status::text, '-'), E'\n' ORDER BY seq), ''), 'UTF8')), 'hex') AS digest
    FROM answered`;
  return row;
}
