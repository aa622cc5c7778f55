import type { Finding } from './finding.js';
import type { Sums } from './programme.amount.js';

/** What all claims, wallets and credits hold together. */
export interface Totals {
  readonly approvedClaimsJpy: bigint;
  readonly creditedClaimsCount: bigint;
  readonly creditedClaimsJpy: bigint;
  readonly walletsJpy: bigint;
  readonly creditsCount: bigint;
  readonly creditsJpy: bigint;
}

/**
 * The same money seen from four sides, so that a row that was removed, of which nothing is left to compare, is missed. `seen` is
 * what the watch has added up round by round: no credit goes away.
 */
export function totalDifferences(totals: Totals, seen: Sums, approvedUncreditedJpy: bigint): Finding[] {
  const { creditsCount, creditsJpy } = totals;
  const sides = [
    ['credits_seen', creditsCount - seen.creditedCount, creditsJpy - seen.creditedJpy],
    ['credited_claims', totals.creditedClaimsCount - creditsCount, totals.creditedClaimsJpy - creditsJpy],
    ['approved_claims', 0n, totals.approvedClaimsJpy - approvedUncreditedJpy],
    ['wallets', 0n, totals.walletsJpy - creditsJpy],
  ] as const;
  return sides
    .filter(([, count, jpy]) => count !== 0n || jpy !== 0n)
    .map(([side, count, jpy]) => ({
      kind: 'totals_differ',
      subject: `totals:${side}:${count}:${jpy}`,
      evidence: { side, count: count.toString(), jpy: jpy.toString() },
    }));
}
