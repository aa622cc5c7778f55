import type { Tx } from '../../platform/database/database.js';

export interface Obstacles {
  /** Claims of the holder for which a second person's answer waits. */
  readonly waiting: readonly bigint[];
  /** What the fund can still pay, in yen. */
  readonly fundJpy: bigint;
}

/** What stands in the way of a holder's claims beside themselves. Runs that wait are few, and each is one multirange. Locks nothing. */
export async function readObstacles(tx: Tx, holderId: bigint): Promise<Obstacles> {
  const [row] = await tx.$queryRaw<Obstacles[]>`
    SELECT coalesce(array_agg(c.id) FILTER (WHERE
             EXISTS (SELECT FROM claim_proposal p WHERE p.claim_id = c.id AND p.status = 'proposed')
             OR EXISTS (SELECT FROM approval_run r WHERE r.status = 'proposed' AND r.claim_ids @> c.id)), '{}') AS waiting,
           (SELECT balance_jpy FROM ledger_account WHERE kind = 'compensation_fund') AS "fundJpy"
    FROM claim c WHERE c.holder_id = ${holderId}`;
  return row ?? { waiting: [], fundJpy: 0n };
}
