import type { TestDatabase } from '../harness/database.js';

/** What must be true at the end, computed here from the rows with BigInt, not by the program. */
export interface Books {
  readonly claims: number;
  readonly totalJpy: bigint;
  readonly creditedTwice: number;
  readonly walletsJpy: bigint;
  readonly creditTransfersJpy: bigint;
  readonly trialBalanceJpy: bigint;
  readonly byStatus: Readonly<Record<string, number>>;
}

interface ClaimRow {
  readonly quantity_xem: string;
  readonly amount_jpy: string;
  readonly status: string;
}

export async function readBooks(database: TestDatabase): Promise<Books> {
  const claims = await database.asSuperuser<ClaimRow>('SELECT quantity_xem, amount_jpy, status FROM claim');
  const accounts = await database.asSuperuser<{ kind: string; balance_jpy: string }>(
    'SELECT kind, balance_jpy FROM ledger_account',
  );
  const credits = await database.asSuperuser<{ reference_id: string; amount_jpy: string }>(
    `SELECT reference_id, amount_jpy FROM ledger_transfer WHERE kind = 'credit'`,
  );
  const sum = (values: readonly string[]) => values.reduce((total, value) => total + BigInt(value), 0n);
  const byStatus: Record<string, number> = {};
  for (const { status } of claims) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return {
    claims: claims.length,
    totalJpy: sum(claims.map((claim) => claim.amount_jpy)),
    creditedTwice: credits.length - new Set(credits.map((credit) => credit.reference_id)).size,
    walletsJpy: sum(accounts.filter(({ kind }) => kind === 'customer_wallet').map((account) => account.balance_jpy)),
    creditTransfersJpy: sum(credits.map((credit) => credit.amount_jpy)),
    trialBalanceJpy: sum(accounts.map((account) => account.balance_jpy)),
    byStatus,
  };
}

/** Σ round-half-up(quantity × 88.549), from the quantities of the export alone. */
export function expectedTotalJpy(quantitiesMicroXem: readonly bigint[]): bigint {
  return quantitiesMicroXem.reduce((total, micro) => total + (micro * 88_549n + 500_000_000n) / 1_000_000_000n, 0n);
}
