import { stringify } from 'csv-stringify/sync';
import type { Prisma } from '../../platform/database/prisma.js';
import { REASONS } from '../why-not-credited-texts.js';
import { whyNotCredited, type WhyNotCredited } from '../why-not-credited.js';

export type AnsweredKey = Prisma.BulkLookUpKeyGetPayload<object>;

export const HEADER = [
  'key',
  'result',
  'customer_no',
  'claim_no',
  'state',
  'amount_jpy',
  'reasons',
  'reason_ja',
  'reason_en',
] as const;

/** Lines of the result; cells that a spreadsheet would take for a formula are defused. */
export function resultLines(rows: string[][]): string {
  return stringify(rows, { record_delimiter: 'windows', escape_formulas: true });
}

/** What is answered about a key, with the reasons as this role reads them on the holder's page. */
export function resultRow(row: AnsweredKey, role: string): string[] {
  const { key, mistyped, foundCustomerNo, foundClaimNo, status, amountJpy } = row;
  if (foundCustomerNo === null) return [key, mistyped ? 'mistyped' : 'not_found', ...Array<string>(7).fill('')];
  if (foundClaimNo === null || status === null || amountJpy === null)
    return [key, 'no_claim', foundCustomerNo, ...Array<string>(6).fill('')];
  const reasons = reasonsOf(row, { status, amountJpy }, role);
  const first = reasons[0] && REASONS[reasons[0]].agent;
  return [
    key,
    'found',
    foundCustomerNo,
    foundClaimNo,
    status,
    amountJpy.toString(),
    reasons.join(' '),
    first?.ja ?? '',
    first?.en ?? '',
  ];
}

function reasonsOf(
  row: AnsweredKey,
  claim: Pick<Parameters<typeof whyNotCredited>[0], 'status' | 'amountJpy'>,
  role: string,
): WhyNotCredited[] {
  const solvesContacts = REASONS.contact_changed.solvedBy.some((solver) => solver === role);
  const [contactChanged, heldOtherwise] = [row.contactChanged === true, row.heldOtherwise === true];
  return whyNotCredited({
    ...claim,
    underReview: heldOtherwise || (contactChanged && !solvesContacts),
    contactChanged: contactChanged && solvesContacts,
    decisionWaits: row.decisionWaits === true,
    fundShort: row.fundShort === true,
    batch: row.batchStatus,
    signaturesMissing: row.signaturesMissing === true,
  });
}
