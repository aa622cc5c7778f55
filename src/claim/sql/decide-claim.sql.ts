import type { Tx } from '../../platform/database/database.js';
import type { ClaimState, Verdict } from '../claim.state.js';

/**
 * Moves one claim and writes its decision, in one statement, because each is refused without the other.
 * The caller has locked the claim. Answers false when it was no longer in that version.
 */
export async function decideClaim(
  tx: Tx,
  change: {
    claimId: bigint;
    fromVersion: number;
    to: ClaimState;
    verdict: Verdict;
    reasonCode: string;
    reasonText: string | null;
    decidedBy: string;
    approvalRequestId: string | null;
  },
): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    WITH changed AS (
      UPDATE claim SET status = ${change.to}::claim_status, version = version + 1
      WHERE id = ${change.claimId} AND version = ${change.fromVersion}
      RETURNING id, version)
    INSERT INTO claim_decision (claim_id, version, decision, reason_code, reason_text, decided_by, approval_request_id)
    SELECT id, version, ${change.verdict}::claim_verdict, ${change.reasonCode}, ${change.reasonText}, ${change.decidedBy}::uuid, ${change.approvalRequestId}::uuid
    FROM changed
    RETURNING claim_id`;
  return rows.length === 1;
}
