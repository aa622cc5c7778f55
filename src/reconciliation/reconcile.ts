import { Decimal } from '../platform/decimal.js';
import type { Figures } from './figures.js';
import {
  stateOf,
  yen,
  type Check,
  type ClaimLineName,
  type Line,
  type ProgrammeState,
  type TotalName,
} from './reconciliation.amount.js';
import type { ClaimGroup } from './sql/count-claims.sql.js';

export interface Reconciliation {
  readonly state: ProgrammeState;
  /** Quantity × price of the claims minus their amounts, exact and signed. */
  readonly residueJpy: Decimal;
  readonly quantityXem: Decimal;
  readonly trialBalanceJpy: bigint;
  readonly totals: readonly Line<TotalName>[];
  readonly claimLines: readonly Line<ClaimLineName>[];
  readonly checks: readonly Check[];
}

/** Compares the figures of one instant with each other; reads nothing itself. */
export function reconcile(figures: Figures): Reconciliation {
  const opening = compareOpening(figures);
  const counted = countBy(figures.claims);
  const account = (kind: string) => figures.books.find((line) => line.kind === kind);
  const approved = counted((group) => group.status === 'approved');
  const credited = counted((group) => group.status === 'credited');
  const assigned = { count: approved.count + credited.count, sumJpy: approved.sumJpy + credited.sumJpy };
  const wallets = account('customer_wallet');
  const fundJpy = account('compensation_fund')?.keptBalanceJpy ?? 0n;
  const { programme, credits, books } = figures;
  const trialBalanceJpy = books.reduce((total, line) => total + line.creditsJpy - line.debitsJpy, 0n);
  const claimLines = claimLinesOf(figures, opening);
  const openCount = claimLines
    .filter(({ name }) => name === 'pending' || name === 'approved' || name === 'not_opened')
    .reduce((sum, { count }) => sum + count, 0n);
  return {
    state: stateOf({
      hasSealedSnapshot: opening.payableCount > 0n,
      hasEffectiveRate: figures.rate !== null,
      claimCount: opening.claimCount,
      openCount,
    }),
    residueJpy: opening.residueJpy,
    quantityXem: opening.quantityXem,
    trialBalanceJpy,
    totals: [
      { name: 'snapshot', count: opening.payableCount, sumJpy: opening.exactJpy },
      { name: 'claims', count: opening.claimCount, sumJpy: yen(opening.claimsJpy) },
      { name: 'approved', count: assigned.count, sumJpy: yen(assigned.sumJpy) },
      { name: 'credited', count: credits.creditCount, sumJpy: yen(credits.creditsJpy) },
      { name: 'wallets', count: wallets?.accountCount ?? 0n, sumJpy: yen(wallets?.keptBalanceJpy ?? 0n) },
      { name: 'fund', count: programme.fundingCount, sumJpy: yen(fundJpy) },
    ],
    claimLines,
    checks: [
      {
        name: 'claims_are_the_snapshot',
        leftJpy: opening.exactJpy.minus(opening.notOpenedJpy),
        rightJpy: opening.residueJpy.plus(opening.claimsJpy.toString()),
        differingCount: opening.differingCount,
      },
      check('approvals_are_the_claims', programme.approvalsJpy - programme.withdrawalsJpy, assigned.sumJpy),
      check('approved_account_is_the_claims', account('approved_uncredited')?.keptBalanceJpy ?? 0n, approved.sumJpy),
      check('credits_are_the_claims', credits.creditsJpy, credited.sumJpy, credits.differingCount),
      check(
        'credits_are_the_batches',
        credits.creditsJpy,
        programme.batchCreditedJpy,
        distance(credits.creditCount, programme.batchCreditedCount),
      ),
      check('wallets_are_the_credits', wallets?.keptBalanceJpy ?? 0n, credits.creditsJpy, wallets?.differingAccounts),
      check(
        'fund_is_its_transfers',
        fundJpy,
        programme.fundingsJpy - programme.approvalsJpy + programme.withdrawalsJpy,
      ),
      check(
        'books_balance',
        trialBalanceJpy,
        0n,
        books.reduce((sum, line) => sum + line.differingAccounts, 0n),
      ),
    ],
  };
}

interface Opening {
  readonly payableCount: bigint;
  readonly quantityXem: Decimal;
  readonly exactJpy: Decimal;
  readonly claimCount: bigint;
  readonly claimsJpy: bigint;
  readonly residueJpy: Decimal;
  readonly notOpenedCount: bigint;
  readonly notOpenedJpy: Decimal;
  readonly differingCount: bigint;
}

/**
 * Balances against first claims. A snapshot from which nothing was opened yet waits for its opening; once a single claim was
 * opened from it, each balance without one is a difference.
 */
function compareOpening({ snapshots }: Figures): Opening {
  const zero: Opening = {
    payableCount: 0n,
    quantityXem: yen(0n),
    exactJpy: yen(0n),
    claimCount: 0n,
    claimsJpy: 0n,
    residueJpy: yen(0n),
    notOpenedCount: 0n,
    notOpenedJpy: yen(0n),
    differingCount: 0n,
  };
  return snapshots.reduce<Opening>((sum, snapshot) => {
    const waits = snapshot.snapshotId !== null && snapshot.claimCount === 0n;
    const missing = waits || snapshot.snapshotId === null ? 0n : snapshot.payableCount - snapshot.claimCount;
    return {
      payableCount: sum.payableCount + snapshot.payableCount,
      quantityXem: sum.quantityXem.plus(snapshot.quantityXem),
      exactJpy: sum.exactJpy.plus(snapshot.exactJpy),
      claimCount: sum.claimCount + snapshot.claimCount,
      claimsJpy: sum.claimsJpy + snapshot.claimsJpy,
      residueJpy: sum.residueJpy.plus(snapshot.claimsExactJpy).minus(snapshot.claimsJpy.toString()),
      notOpenedCount: sum.notOpenedCount + (waits ? snapshot.payableCount : 0n),
      notOpenedJpy: sum.notOpenedJpy.plus(waits ? snapshot.exactJpy : 0),
      differingCount: sum.differingCount + snapshot.differingCount + missing,
    };
  }, zero);
}

function claimLinesOf({ claims, belowOneYen }: Figures, opening: Opening): Line<ClaimLineName>[] {
  const counted = countBy(claims);
  const undecided = (group: ClaimGroup) => group.status === 'pending' || group.status === 'approved';
  const rejected = counted((group) => group.status === 'rejected');
  const line = (name: ClaimLineName, { count, sumJpy }: { count: bigint; sumJpy: bigint }) => ({
    name,
    count,
    sumJpy: yen(sumJpy),
  });
  return [
    line(
      'pending',
      counted((group) => group.status === 'pending' && !group.held),
    ),
    line(
      'approved',
      counted((group) => group.status === 'approved' && !group.held),
    ),
    line(
      'credited',
      counted((group) => group.status === 'credited'),
    ),
    line(
      'held',
      counted((group) => undecided(group) && group.held),
    ),
    line('rejected', { count: rejected.count - belowOneYen.count, sumJpy: rejected.sumJpy - belowOneYen.sumJpy }),
    line('below_one_yen', belowOneYen),
    { name: 'not_opened', count: opening.notOpenedCount, sumJpy: opening.notOpenedJpy },
  ];
}

function countBy(
  groups: readonly ClaimGroup[],
): (which: (group: ClaimGroup) => boolean) => { count: bigint; sumJpy: bigint } {
  return (which) =>
    groups
      .filter(which)
      .reduce((sum, group) => ({ count: sum.count + group.count, sumJpy: sum.sumJpy + group.sumJpy }), {
        count: 0n,
        sumJpy: 0n,
      });
}

function check(name: Check['name'], leftJpy: bigint, rightJpy: bigint, differingCount = 0n): Check {
  return { name, leftJpy: yen(leftJpy), rightJpy: yen(rightJpy), differingCount };
}

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);
