/**
 * Where rows are copied to: tables of this connection alone, typed, gone with the transaction, and never written to the
 * log. staged_row holds one piece of the file, read_row what doubles and totals are found by, of all pieces so far.
 */
export const CREATE_STAGING = `
  CREATE TEMP TABLE read_row (line_no bigint, customer_no text, quantity_xem numeric(20, 6), excluded_reason exclusion_reason) ON COMMIT DROP;
  CREATE TEMP TABLE staged_row (
    line_no bigint, customer_no text, kind holder_kind, name text, name_kana text, email text, phone text, birth_date date, country text,
    language holder_language, account_status account_status, identity_status identity_status,
    available_xem numeric(20, 6), in_order_xem numeric(20, 6), lent_xem numeric(20, 6), in_transit_xem numeric(20, 6), quantity_xem numeric(20, 6),
    excluded_reason exclusion_reason, excluded_text text,
    name_key text, given_name_key text, reading_key text, given_reading_key text, email_key text, phone_key text
  ) ON COMMIT DROP`;

export const EMPTY_STAGING = 'TRUNCATE staged_row';

export const COPY_STAGING = 'COPY staged_row FROM STDIN';

export const NOTE_ROWS = `
  INSERT INTO read_row SELECT line_no, customer_no, quantity_xem, excluded_reason FROM staged_row`;

/**
 * Whether a customer of this piece is in it twice, in an earlier piece, or in a sealed snapshot: then nothing is taken over.
 * OFFSET 0 keeps it a probe of the indexes for each row: while the tables are still unknown to the planner, it would
 * rather compare every row with every other.
 */
export const MEETS_OTHERS = `
  SELECT EXISTS (SELECT FROM staged_row GROUP BY customer_no HAVING count(*) > 1)
      OR EXISTS (SELECT FROM staged_row r WHERE EXISTS (
                   SELECT FROM holder h JOIN frozen_balance b ON b.holder_id = h.id JOIN snapshot s ON s.id = b.snapshot_id
                   WHERE h.customer_no = r.customer_no AND (s.id = $1 OR s.status = 'sealed') OFFSET 0)) AS meets`;

/** A customer who is in the file twice, named at the second and every further line. Capped: nobody reads more. */
export const DUPLICATES = `
  SELECT line_no, customer_no FROM (
    SELECT line_no, customer_no, row_number() OVER (PARTITION BY customer_no ORDER BY line_no) AS nth FROM read_row) AS numbered
  WHERE nth > 1 ORDER BY line_no LIMIT 10000`;

/** Customers who are in a sealed snapshot already. */
export const ALREADY_SEALED = `
  SELECT r.line_no, r.customer_no
  FROM read_row r JOIN holder h ON h.customer_no = r.customer_no
  JOIN frozen_balance b ON b.holder_id = h.id JOIN snapshot s ON s.id = b.snapshot_id AND s.status = 'sealed'
  ORDER BY r.line_no LIMIT 10000`;

/** Counts and sums as they are, and the digest over all rows in the order of the file. */
export const TOTALS = `
  SELECT count(*) AS row_count, coalesce(sum(quantity_xem), 0)::text AS total_xem,
         count(*) FILTER (WHERE excluded_reason IS NULL) AS payable_count,
         coalesce(sum(quantity_xem) FILTER (WHERE excluded_reason IS NULL), 0)::numeric(26, 6)::text AS payable_total_xem,
         count(*) FILTER (WHERE excluded_reason IS NOT NULL) AS excluded_count,
         coalesce(sum(quantity_xem) FILTER (WHERE excluded_reason IS NOT NULL), 0)::numeric(26, 6)::text AS excluded_total_xem,
         encode(sha256(convert_to(coalesce(string_agg(customer_no || ',' || quantity_xem || ',' || coalesce(excluded_reason::text, ''), E'\\n' ORDER BY line_no), ''), 'UTF8')), 'hex') AS rows_digest
  FROM read_row`;

/** What an earlier try took over before it was cut off between its two transactions. */
export const FORGET_EARLIER_TRY = 'DELETE FROM frozen_balance WHERE snapshot_id = $1';
