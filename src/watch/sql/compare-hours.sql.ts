import type pg from 'pg';
import type { Finding } from '../finding.js';
import { newFindings } from './new-findings.sql.js';
import type { Rows } from './rows.sql.js';

/** Hours in which credits are expected, Japanese time, `HH:MM`; the whole day from `00:00` to `24:00`. */
export interface CreditHours {
  readonly from: string;
  readonly to: string;
}

/**
 * Was any of the new transfers credited before the time of its batch, on a day after its posting date, or outside the hours?
 * Old ones are not asked: the hours may have been others then. One finding per batch and day: two people who release the switch
 * let the rest of that day go on.
 */
export function compareHours(
  client: pg.ClientBase,
  { fresh }: Pick<Rows, 'fresh'>,
  hours: CreditHours,
): Promise<Finding[]> {
  return newFindings(client, COMPARISON, [fresh, hours.from, hours.to]);
}

const COMPARISON = `
  SELECT 'credit_outside_hours', format('batch:%s:%s', outside.batch_id, outside.day),
         jsonb_build_object('batchId', outside.batch_id::text, 'day', outside.day, 'creditedCount', outside.count::text, 'creditedJpy', outside.jpy::text)
  FROM (
    SELECT item.batch_id, timezone('Asia/Tokyo', t.created_at)::date AS day, count(*) AS count, sum(t.amount_jpy) AS jpy
    FROM unnest($1::bigint[]) AS among (id)
    JOIN ledger_transfer t ON t.id = among.id AND t.kind = 'credit'
    CROSS JOIN LATERAL (SELECT i.batch_id FROM credit_batch_item i WHERE i.claim_id = t.reference_id AND i.skip_reason IS NULL LIMIT 1) AS item
    JOIN credit_batch b ON b.id = item.batch_id
    WHERE (t.created_at < b.not_before OR timezone('Asia/Tokyo', t.created_at)::date > b.posting_date
           OR timezone('Asia/Tokyo', t.created_at)::time < $2::time OR timezone('Asia/Tokyo', t.created_at)::time >= $3::time)
    GROUP BY 1, 2
  ) AS outside`;
