import type { Tx } from '../../platform/database/database.js';

/** What fundings, decisions and batches say about themselves, in yen; compared with the books by the caller. */
export interface ProgrammeSums {
  /** When all that this snapshot shows was true. */
  readonly asOf: Date;
  readonly fundingCount: bigint;
  readonly fundingsJpy: bigint;
  readonly approvalCount: bigint;
  readonly approvalsJpy: bigint;
  readonly withdrawalCount: bigint;
  readonly withdrawalsJpy: bigint;
  readonly batchCreditedCount: bigint;
  readonly batchCreditedJpy: bigint;
}

/** Few rows each: the index of programme transfers leaves out the credits. Locks nothing. */
export async function sumProgramme(tx: Tx): Promise<ProgrammeSums> {
  const [row] = await tx.$queryRaw<ProgrammeSums[]>`
    SELECT now() AS "asOf", f.count AS "fundingCount", f.sum AS "fundingsJpy",
           t.approvals AS "approvalCount", t.approved AS "approvalsJpy", t.withdrawals AS "withdrawalCount", t.withdrawn AS "withdrawalsJpy",
           b.count AS "batchCreditedCount", b.sum AS "batchCreditedJpy"
    FROM (SELECT count(*) AS count, coalesce(sum(amount_jpy), 0)::bigint AS sum FROM ledger_funding WHERE status = 'effective') AS f,
         (SELECT count(*) FILTER (WHERE kind = 'approval') AS approvals,
                 coalesce(sum(amount_jpy) FILTER (WHERE kind = 'approval'), 0)::bigint AS approved,
                 count(*) FILTER (WHERE kind = 'approval_withdrawal') AS withdrawals,
                 coalesce(sum(amount_jpy) FILTER (WHERE kind = 'approval_withdrawal'), 0)::bigint AS withdrawn
          FROM ledger_transfer WHERE kind <> 'credit') AS t,
         (SELECT coalesce(sum(credited_count), 0)::bigint AS count, coalesce(sum(credited_jpy), 0)::bigint AS sum FROM credit_batch) AS b`;
  if (!row) throw new Error('sums over no rows are still a row');
  return row;
}
