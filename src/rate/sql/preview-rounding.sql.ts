import { Prisma } from '../../platform/database/prisma.js';
import type { Tx } from '../../platform/database/database.js';
import type { Decimal } from '../../platform/decimal.js';
import type { RoundingRule } from '../rate.amount.js';

/** What one rounding rule would make of all sealed payable balances at a price. */
export interface RoundingPreviewRow {
  readonly rule: RoundingRule;
  readonly payableCount: bigint;
  /** Decimal text, exact. */
  readonly quantityXem: string;
  readonly exactJpy: string;
  readonly totalJpy: bigint;
  /** Persons whose amount comes to 0 yen. */
  readonly belowOneYenCount: bigint;
}

/** One pass over the payable balances of all sealed snapshots; three rows also when there are none. Locks nothing. */
export function previewRounding(tx: Tx, priceJpyPerXem: Decimal): Promise<RoundingPreviewRow[]> {
  const price = Prisma.sql`${priceJpyPerXem.toFixed()}::numeric`;
  return tx.$queryRaw<RoundingPreviewRow[]>`
    SELECT rule, count(b.id) AS "payableCount",
           coalesce(sum(b.quantity_xem), 0)::text AS "quantityXem",
           coalesce(sum(b.quantity_xem * ${price}), 0)::text AS "exactJpy",
           coalesce(sum(round_jpy(b.quantity_xem * ${price}, rule)), 0)::bigint AS "totalJpy",
           count(*) FILTER (WHERE round_jpy(b.quantity_xem * ${price}, rule) = 0) AS "belowOneYenCount"
    FROM unnest(enum_range(NULL::rounding_rule)) AS rule
    LEFT JOIN (SELECT b.id, b.quantity_xem FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id
               WHERE s.status = 'sealed' AND b.excluded_reason IS NULL) AS b ON true
    GROUP BY rule ORDER BY rule`;
}
