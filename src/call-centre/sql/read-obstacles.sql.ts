import type { Tx } from '../../platform/database/database.js';

export interface Obstacles {
  /** Claims of the holder for which a second person's answer waits. */
  readonly waiting: readonly bigint[];
  /** Claims held because the contact changed and is not verified anew. */
  readonly contactChanged: readonly bigint[];
  /** Claims held for whatever other reason. */
  readonly heldOtherwise: readonly bigint[];
  /** Claims whose batch is approved and waits for the signatures of several keys. */
  readonly signaturesMissing: readonly bigint[];
  /** What the fund can still pay, in yen. */
  readonly fundJpy: bigint;
}

/** What stands in the way of a holder's claims beside themselves. Runs that wait are few, and each is one multirange. Locks nothing. */
export async function readObstacles(tx: Tx, holderId: bigint): Promise<Obstacles> {
  const [row] = await tx.$queryRaw<Obstacles[]>`
    SELECT coalesce(array_agg(c.id) FILTER (WHERE
             EXISTS (SELECT FROM claim_proposal p WHERE p.claim_id = c.id AND p.status = 'proposed')
             OR EXISTS (SELECT FROM approval_run r WHERE r.status = 'proposed' AND r.claim_ids @> c.id)), '{}') AS waiting,
           coalesce(array_agg(c.id) FILTER (WHERE h.contact), '{}') AS "contactChanged",
           coalesce(array_agg(c.id) FILTER (WHERE h.other), '{}') AS "heldOtherwise",
           coalesce(array_agg(c.id) FILTER (WHERE EXISTS (
             SELECT FROM credit_batch_item i JOIN credit_batch b ON b.id = i.batch_id
             WHERE i.claim_id = c.id AND i.skip_reason IS NULL AND credit_batch_waits_for_signatures(b))), '{}') AS "signaturesMissing",
           (SELECT balance_jpy FROM ledger_account WHERE kind = 'compensation_fund' AND holder_id IS NULL) AS "fundJpy"
    FROM claim c
    CROSS JOIN LATERAL (
      SELECT bool_or(x.reason_code = 'contact_changed' AND x.placed_by IS NULL) AS contact,
             bool_or(x.reason_code <> 'contact_changed' OR x.placed_by IS NOT NULL) AS other
      FROM claim_hold x WHERE x.claim_id = c.id AND x.status = 'active') AS h
    WHERE c.holder_id = ${holderId}`;
  return row ?? { waiting: [], contactChanged: [], heldOtherwise: [], signaturesMissing: [], fundJpy: 0n };
}
