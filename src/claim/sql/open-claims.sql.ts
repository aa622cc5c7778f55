import type { Tx } from '../../platform/database/database.js';

export interface OpenedClaims {
  readonly count: bigint;
  readonly sumJpy: bigint;
  readonly quantityXem: string;
  /** SHA-256 over id and amount of each claim, in the order in which they were opened. */
  readonly digest: string;
}

/**
 * Opens a claim for every payable balance of the sealed snapshots that has none yet, at the effective rate.
 * Locks nothing: a claim per balance and per holder is unique, and openings wait for each other on the caller's lock.
 * The amount is rounded once, by the rule of the rate, and a CHECK recomputes it for ever.
 */
export async function openClaims(tx: Tx): Promise<OpenedClaims> {
  const [row] = await tx.$queryRaw<[OpenedClaims]>`
    WITH effective AS MATERIALIZED (
      SELECT id, price_jpy_per_xem, rounding_rule FROM rate WHERE status = 'effective'
    ), opened AS (
      INSERT INTO claim (holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy)
      SELECT b.holder_id, b.id, r.id, w.id, b.quantity_xem, r.price_jpy_per_xem, r.rounding_rule,
             round_jpy(b.quantity_xem * r.price_jpy_per_xem, r.rounding_rule)
      FROM frozen_balance b
      JOIN snapshot s ON s.id = b.snapshot_id AND s.status = 'sealed'
      JOIN ledger_account w ON w.holder_id = b.holder_id
      CROSS JOIN effective r
      WHERE b.excluded_reason IS NULL AND NOT EXISTS (SELECT FROM claim c WHERE c.frozen_balance_id = b.id)
      ORDER BY b.id
      RETURNING id, amount_jpy, quantity_xem)
    SELECT count(*) AS count, coalesce(sum(amount_jpy), 0)::bigint AS "sumJpy", coalesce(sum(quantity_xem), 0)::text AS "quantityXem",
           encode(sha256(convert_to(coalesce(string_agg(id || ':' || amount_jpy, E'\n' ORDER BY id), ''), 'UTF8')), 'hex') AS digest
    FROM opened`;
  return row;
}
