import { formatXem, parseXem } from './holders/micro-xem.js';
import { reconciled, type Line } from './stages/reconcile.js';
import type { Demo } from './stages/stage.js';

/** What came of the job, as the auditor reads it in the end: counts and yen as text. */
export interface Result {
  readonly xemTotal: string;
  readonly priceJpyPerXem: string;
  /** All claims: one per customer to be paid. */
  readonly claims: Line;
  /** What quantity × price is above the sum of all claims, exact and signed. */
  readonly residueJpy: string;
  readonly credited: Line;
  readonly held: Line;
  readonly belowOneYen: Line;
  /** Claims that are in none of these states; none when the job is done. */
  readonly others: readonly Line[];
  readonly fund: Line;
  readonly trialBalanceJpy: string;
}

/** Errors: when the books do not agree. */
export async function readResult(demo: Demo): Promise<Result> {
  const { totals, claims, quantityXem, priceJpyPerXem, residueJpy, trialBalanceJpy } = await reconciled(demo);
  const ended = ['credited', 'held', 'below_one_yen'];
  return {
    xemTotal: formatXem(parseXem(quantityXem) ?? 0n),
    priceJpyPerXem,
    claims: lineOf(totals, 'claims'),
    residueJpy,
    credited: lineOf(claims, 'credited'),
    held: lineOf(claims, 'held'),
    belowOneYen: lineOf(claims, 'below_one_yen'),
    others: claims.filter(({ name, count }) => !ended.includes(name) && count !== '0'),
    fund: lineOf(totals, 'fund'),
    trialBalanceJpy,
  };
}

function lineOf(lines: readonly Line[], name: string): Line {
  const line = lines.find((candidate) => candidate.name === name);
  if (!line) throw new Error(`The reconciliation has no line ${name}.`);
  return line;
}
