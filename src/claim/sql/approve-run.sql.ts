import type { Tx } from '../../platform/database/database.js';
import { membersOf } from './select-run.sql.js';

export interface ApprovedRun {
  readonly approvedCount: bigint;
  readonly approvedJpy: bigint;
  readonly belowOneYenCount: bigint;
  /** SHA-256 over claim number, new state and amount of each decided claim in order. */
  readonly digest: string;
}

/**
 * Decides all members of a run that are still pending and not held: one yen and more is approved, less is rejected as
 * below_one_yen. Decisions are written in the same statement. Locks each claim as it changes it, and looks at its state
 * again once it is locked, so a hold that arrives meanwhile is either seen here or waits. Claims are come upon in the order in
 * which they lie, which within a page need not be that of their ids: if ever two statements wait for each other, one of them is
 * run again.
 */
export async function approveRun(
  tx: Tx,
  run: { id: bigint; decidedBy: string; reasonCode: string; reasonText: string | null },
): Promise<ApprovedRun> {
  const [row] = await tx.$queryRaw<[ApprovedRun]>`
    WITH asked AS MATERIALIZED (${membersOf(run.id)}),
    changed AS (
      UPDATE claim c SET version = c.version + 1, status = CASE WHEN c.amount_jpy = 0 THEN 'rejected'::claim_status ELSE 'approved'::claim_status END
      WHERE c.id <@ (SELECT claim_ids FROM asked) AND c.status = 'pending' AND NOT c.held
      RETURNING c.id, c.claim_no, c.version, c.status, c.amount_jpy),
    decided AS (
      INSERT INTO claim_decision (claim_id, version, decision, reason_code, reason_text, decided_by, approval_run_id)
      SELECT id, version, CASE WHEN amount_jpy = 0 THEN 'reject'::claim_verdict ELSE 'approve'::claim_verdict END,
             CASE WHEN amount_jpy = 0 THEN 'below_one_yen' ELSE ${run.reasonCode} END, ${run.reasonText}, ${run.decidedBy}::uuid, ${run.id}
      FROM changed)
    SELECT count(*) FILTER (WHERE status = 'approved') AS "approvedCount", coalesce(sum(amount_jpy), 0)::bigint AS "approvedJpy",
           count(*) FILTER (WHERE status = 'rejected') AS "belowOneYenCount",
           encode(sha256(convert_to(coalesce(string_agg(claim_no || ':' || status || ':' || amount_jpy, E'\n' ORDER BY id), ''), 'UTF8')), 'hex') AS digest
    FROM changed`;
  return row;
}

export interface SkippedByRun {
  readonly reason: 'under_review' | 'not_pending';
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/** The members that a run did not decide, and why: together with what it did, exactly what was asked for. */
export function skippedByRun(tx: Tx, runId: bigint): Promise<SkippedByRun[]> {
  return tx.$queryRaw<SkippedByRun[]>`
    WITH asked AS MATERIALIZED (${membersOf(runId)})
    SELECT CASE WHEN c.status = 'pending' AND c.held THEN 'under_review' ELSE 'not_pending' END AS reason, count(*) AS count, sum(c.amount_jpy)::bigint AS "sumJpy"
    FROM claim c
    WHERE c.id <@ (SELECT claim_ids FROM asked)
      AND NOT EXISTS (SELECT FROM claim_decision d WHERE d.claim_id = c.id AND d.version = c.version AND d.approval_run_id = ${runId})
    GROUP BY 1 ORDER BY 1`;
}
