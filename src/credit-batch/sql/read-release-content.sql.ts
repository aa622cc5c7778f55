import type { Tx } from '../../platform/database/database.js';

/** What the statement about a batch says of the batch, in its order; the database compares the same before the batch begins. */
export interface ReleaseContent extends Readonly<Record<string, string>> {
  readonly count: string;
  readonly totalJpy: string;
  readonly itemsRoot: string;
  readonly contentHash: string;
  readonly label: string;
  readonly postingDate: string;
  readonly notBefore: string;
  readonly approvedUncreditedJpy: string;
  readonly compensationFundJpy: string;
}

/** Counted and hashed from the rows, with what the programme's accounts hold at this instant. Locks nothing. */
export async function readReleaseContent(tx: Tx, batchId: bigint): Promise<ReleaseContent> {
  const [row] = await tx.$queryRaw<[ReleaseContent]>`
    SELECT content ->> 'count' AS count, content ->> 'totalJpy' AS "totalJpy", content ->> 'itemsRoot' AS "itemsRoot",
           content ->> 'contentHash' AS "contentHash", content ->> 'label' AS label, content ->> 'postingDate' AS "postingDate",
           content ->> 'notBefore' AS "notBefore",
           (SELECT balance_jpy::text FROM ledger_account WHERE kind = 'approved_uncredited' AND holder_id IS NULL) AS "approvedUncreditedJpy",
           (SELECT balance_jpy::text FROM ledger_account WHERE kind = 'compensation_fund' AND holder_id IS NULL) AS "compensationFundJpy"
    FROM (SELECT credit_batch_release_content(b) AS content FROM credit_batch b WHERE id = ${batchId} OFFSET 0) AS read`;
  return row;
}
