import type { Tx } from '../../platform/database/database.js';
import type { Json } from '../../platform/json.js';
import { claimsUnchangedSince, type ClaimsMark } from './claims-mark.sql.js';

export interface NewRun {
  /** The filter and the reason that every decision will carry. */
  readonly filter: Json;
  readonly claimIds: string;
  readonly count: bigint;
  readonly totalJpy: bigint;
  readonly belowOneYenCount: bigint;
  readonly contentHash: string;
  readonly namesCustomers: boolean;
  readonly madeBy: string;
  /** What the maker saw of the claims, and the mark that was set before. */
  readonly preview: Json;
  readonly mark: ClaimsMark;
}

export async function insertRun(tx: Tx, run: NewRun): Promise<bigint> {
  const [row] = await tx.$queryRaw<[{ id: bigint }]>`
    INSERT INTO approval_run (filter, claim_ids, claim_count, total_jpy, below_one_yen_count, content_hash, names_customers, made_by, preview, mark_claims, mark_xid)
    VALUES (${JSON.stringify(run.filter)}::jsonb, ${run.claimIds}::int8multirange, ${run.count}, ${run.totalJpy}, ${run.belowOneYenCount}, ${run.contentHash},
            ${run.namesCustomers}, ${run.madeBy}::uuid, ${JSON.stringify(run.preview)}::jsonb, ${run.mark.claims}, ${run.mark.oldestXid.toString()}::xid8)
    RETURNING id`;
  return row.id;
}

/** What a run keeps from when it was proposed. */
export interface KeptRun {
  readonly contentHash: string;
  readonly preview: Json;
}

/**
 * What a run keeps, as long as that is still so: it waits for its checkers, its row is as it was first written, and so are all
 * claims. Otherwise null, and whoever asks works it out anew.
 */
export async function keptOfRun(tx: Tx, runId: bigint): Promise<KeptRun | null> {
  const [run] = await tx.$queryRaw<(KeptRun & ClaimsMark)[]>`
    SELECT content_hash AS "contentHash", preview, mark_claims AS claims, mark_xid::text::bigint AS "oldestXid"
    FROM approval_run WHERE id = ${runId} AND status = 'proposed' AND xmin = proposed_in::xid`;
  return run && (await claimsUnchangedSince(tx, run)) ? run : null;
}
