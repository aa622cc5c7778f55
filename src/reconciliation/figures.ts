import type { Ledger } from '../ledger/ledger.js';
import type { TrialBalanceRow } from '../ledger/sql/read-trial-balance.sql.js';
import type { Tx } from '../platform/database/database.js';
import type { EffectiveRate, Rates } from '../rate/rates.js';
import { compareBalancesWithClaims, type SnapshotComparison } from './sql/compare-balances-with-claims.sql.js';
import { compareCreditsWithClaims, type CreditComparison } from './sql/compare-credits-with-claims.sql.js';
import { countBelowOneYen, countClaims, type ClaimGroup } from './sql/count-claims.sql.js';
import { sumProgramme, type ProgrammeSums } from './sql/sum-programme.sql.js';

/** Everything that is compared, as it was at one instant. */
export interface Figures {
  readonly rate: EffectiveRate | null;
  readonly snapshots: readonly SnapshotComparison[];
  readonly claims: readonly ClaimGroup[];
  readonly belowOneYen: { readonly count: bigint; readonly sumJpy: bigint };
  readonly credits: CreditComparison;
  readonly books: readonly TrialBalanceRow[];
  readonly programme: ProgrammeSums;
}

/** Seven statements, whatever the number of holders. The caller's transaction must be one consistent snapshot. */
export async function readFigures(tx: Tx, ledger: Ledger, rates: Rates): Promise<Figures> {
  return {
    programme: await sumProgramme(tx),
    rate: await rates.effective(tx),
    snapshots: await compareBalancesWithClaims(tx),
    claims: await countClaims(tx),
    belowOneYen: await countBelowOneYen(tx),
    credits: await compareCreditsWithClaims(tx),
    books: await ledger.trialBalance(tx),
  };
}
