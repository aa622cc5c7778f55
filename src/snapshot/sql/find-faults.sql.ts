import type { PoolClient } from 'pg';
import { EXCLUSION_REASONS } from '../snapshot.state.js';
import { clearerCode, shownValue } from './judge-rows.sql.js';
import { UNPRINTABLE } from './row-rules.js';

/** Faults that one row alone does not show: customers given twice, or in a sealed snapshot. Locks nothing. */
export async function findFaultsBetweenRows(client: PoolClient): Promise<void> {
  await client.query(`
    INSERT INTO fault (part, line_no, column_name, value, code)
    SELECT 'rows', r.line_no, 'customer_no', left(r.customer_no, 60), 'customer_twice'
    FROM (SELECT customer_no FROM staged_row WHERE flaw IS NULL GROUP BY customer_no HAVING count(*) > 1) AS twice
    JOIN staged_row r USING (customer_no)`);
  await client.query(`
    INSERT INTO fault (part, line_no, column_name, value, code)
    SELECT DISTINCT 'rows', r.line_no, 'customer_no', r.customer_no, 'customer_sealed'
    FROM snapshot s JOIN frozen_balance b ON b.snapshot_id = s.id JOIN holder h ON h.id = b.holder_id
    JOIN staged_row r ON r.customer_no = h.customer_no
    WHERE s.status = 'sealed'`);
}

/** Everything that is wrong with the exclusion list. Reads the staged rows once, to find the customers who are not there. */
export async function findFaultyExclusions(client: PoolClient): Promise<void> {
  await client.query(`
    INSERT INTO fault (part, line_no, code) SELECT 'exclusions', line_no, flaw FROM staged_exclusion WHERE flaw IS NOT NULL`);
  await client.query(`
    INSERT INTO fault (part, line_no, column_name, value, code)
    SELECT 'exclusions', x.line_no, found.column_name, ${shownValue('found.column_name', 'found.value')}, ${clearerCode('found.value', 'found.code')}
    FROM staged_exclusion x
    CROSS JOIN LATERAL (VALUES
      ('customer_no', x.customer_no, 'value_missing', x.customer_no IS NULL),
      ('reason', x.reason, 'value_missing', x.reason IS NULL),
      ('reason', x.reason, 'value_unknown', x.reason NOT IN (${EXCLUSION_REASONS.map((reason) => `'${reason}'`).join(', ')})),
      ('text', x.text, 'too_long', length(x.text) > 500),
      ('text', x.text, 'control_character', x.text ~ ${UNPRINTABLE})
    ) AS found (column_name, value, code, wrong)
    WHERE x.flaw IS NULL AND found.wrong`);
  await client.query(`
    INSERT INTO fault (part, line_no, column_name, value, code)
    SELECT 'exclusions', x.line_no, 'customer_no', left(x.customer_no, 60), ${clearerCode('x.customer_no', "'exclusion_not_in_file'")}
    FROM staged_exclusion x
    WHERE x.customer_no IS NOT NULL AND NOT EXISTS (SELECT FROM staged_row r WHERE r.customer_no = x.customer_no)`);
  await client.query(`
    INSERT INTO fault (part, line_no, column_name, value, code)
    SELECT 'exclusions', x.line_no, 'customer_no', left(x.customer_no, 60), 'exclusion_twice'
    FROM (SELECT customer_no FROM staged_exclusion GROUP BY customer_no HAVING count(*) > 1) AS twice
    JOIN staged_exclusion x USING (customer_no)`);
}

/** A fault of the file as a whole. `value` says what was declared and what was found. */
export async function addFileFault(
  client: PoolClient,
  fault: { readonly column: string | null; readonly value: string | null; readonly code: string },
): Promise<void> {
  await client.query(`INSERT INTO fault (part, column_name, value, code) VALUES ('rows', $1, $2, $3)`, [
    fault.column,
    fault.value,
    fault.code,
  ]);
}
