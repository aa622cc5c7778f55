import { calculationText } from '../claim/calculation.js';
import { claimView, withdrawalRestriction } from '../claim/claim.service.js';
import { maskEmail, maskName, maskPhone } from '../holder/masking.js';
import { actionsFor } from './actions.js';
import type { HolderRow } from './call-centre.repository.js';
import type { ClaimBatchView, HolderClaimView, HolderView } from './call-centre.views.js';
import type { Obstacles } from './sql/read-obstacles.sql.js';
import { whyNotCredited } from './why-not-credited.js';
import { REASONS } from './why-not-credited-texts.js';

/** The page of a holder as staff of this role see it. */
export function holderView(row: HolderRow, obstacles: Obstacles, role: string): HolderView {
  const claims = row.claims.map((claim) => holderClaimView(claim, obstacles, role));
  return {
    customerNo: row.customerNo,
    kind: row.kind,
    name: maskName(row.name),
    nameKana: maskName(row.nameKana),
    email: maskEmail(row.email),
    phone: maskPhone(row.phone),
    country: row.country,
    language: row.language,
    accountStatus: row.accountStatus,
    identityStatus: row.identityStatus,
    withdrawalRestriction: withdrawalRestriction(row),
    claims,
    actions: actionsFor(role, row.customerNo, claims),
  };
}

function holderClaimView(
  claim: HolderRow['claims'][number],
  { waiting, contactChanged, heldOtherwise, signaturesMissing, fundJpy }: Obstacles,
  role: string,
): HolderClaimView {
  const solvesContacts = REASONS.contact_changed.solvedBy.some((solver) => solver === role);
  const view = claimView(claim);
  const reasons = whyNotCredited({
    status: claim.status,
    underReview: solvesContacts ? heldOtherwise.includes(claim.id) : claim.held,
    contactChanged: solvesContacts && contactChanged.includes(claim.id),
    amountJpy: claim.amountJpy,
    decisionWaits: waiting.includes(claim.id),
    fundShort: fundJpy < claim.amountJpy,
    batch: claim.batchItems[0]?.batch.status ?? null,
    signaturesMissing: signaturesMissing.includes(claim.id),
  });
  return {
    ...view,
    calculation: calculationText({ ...view, roundingRule: claim.roundingRule }),
    creditBatch: batchView(claim.batchItems[0]),
    whyNotCredited: reasons.map((code) => ({ code, ...REASONS[code], solvedBy: [...REASONS[code].solvedBy] })),
  };
}

function batchView(item: HolderRow['claims'][number]['batchItems'][number] | undefined): ClaimBatchView | null {
  if (!item) return null;
  const { batch, seq } = item;
  return {
    id: batch.id.toString(),
    status: batch.status,
    label: batch.label,
    postingDate: batch.postingDate.toISOString().slice(0, 10),
    place: seq.toString(),
    itemCount: batch.itemCount.toString(),
  };
}
