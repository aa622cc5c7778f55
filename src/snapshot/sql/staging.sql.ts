/** Where rows are copied to: a table of this connection alone, typed, gone with the transaction, and never written to the log. */
export const CREATE_STAGING = `
  CREATE TEMP TABLE staged_row (
    line_no bigint, customer_no text, kind holder_kind, name text, name_kana text, email text, phone text, birth_date date, country text,
    language holder_language, account_status account_status, identity_status identity_status,
    available_xem numeric(20, 6), in_order_xem numeric(20, 6), lent_xem numeric(20, 6), in_transit_xem numeric(20, 6), quantity_xem numeric(20, 6),
    excluded_reason exclusion_reason, excluded_text text,
    name_key text, given_name_key text, reading_key text, given_reading_key text, email_key text, phone_key text
  ) ON COMMIT DROP`;

export const COPY_STAGING = 'COPY staged_row FROM STDIN';

/** A customer who is in the file twice, named at the second and every further line. Capped: nobody reads more. */
export const DUPLICATES = `
  SELECT line_no, customer_no FROM (
    SELECT line_no, customer_no, row_number() OVER (PARTITION BY customer_no ORDER BY line_no) AS nth FROM staged_row) AS numbered
  WHERE nth > 1 ORDER BY line_no LIMIT 10000`;

/** Customers who are in a sealed snapshot already. */
export const ALREADY_SEALED = `
  SELECT r.line_no, r.customer_no
  FROM staged_row r JOIN holder h ON h.customer_no = r.customer_no
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
  FROM staged_row`;

/** Names and contacts may be those of a later upload as long as nothing of the customer is sealed, which was checked before. */
export const INSERT_HOLDERS = `
  INSERT INTO holder (customer_no, kind, name, name_kana, email, phone, birth_date, country, language, account_status, identity_status)
  SELECT customer_no, kind, name, name_kana, email, phone, birth_date, country, language, account_status, identity_status
  FROM staged_row ORDER BY line_no
  ON CONFLICT (customer_no) DO UPDATE SET kind = excluded.kind, name = excluded.name, name_kana = excluded.name_kana, email = excluded.email,
    phone = excluded.phone, birth_date = excluded.birth_date, country = excluded.country, language = excluded.language,
    account_status = excluded.account_status, identity_status = excluded.identity_status`;

/** In the same transaction, so that whoever is there can be found. */
export const INSERT_SEARCH_KEYS = `
  INSERT INTO holder_search_key (holder_id, name_key, given_name_key, reading_key, given_reading_key, email_key, phone_key)
  SELECT h.id, r.name_key, r.given_name_key, r.reading_key, r.given_reading_key, r.email_key, r.phone_key
  FROM staged_row r JOIN holder h ON h.customer_no = r.customer_no ORDER BY r.line_no
  ON CONFLICT (holder_id) DO UPDATE SET name_key = excluded.name_key, given_name_key = excluded.given_name_key,
    reading_key = excluded.reading_key, given_reading_key = excluded.given_reading_key, email_key = excluded.email_key,
    phone_key = excluded.phone_key`;

export const INSERT_BALANCES = `
  INSERT INTO frozen_balance (snapshot_id, holder_id, line_no, available_xem, in_order_xem, lent_xem, in_transit_xem, quantity_xem, excluded_reason, excluded_text)
  SELECT $1, h.id, r.line_no, r.available_xem, r.in_order_xem, r.lent_xem, r.in_transit_xem, r.quantity_xem, r.excluded_reason, r.excluded_text
  FROM staged_row r JOIN holder h ON h.customer_no = r.customer_no ORDER BY r.line_no`;

export const INSERT_ERRORS = `
  INSERT INTO snapshot_row_error (snapshot_id, line_no, column_name, value, code)
  SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[])`;

/** An import that was interrupted begins again from nothing. */
export const FORGET_EARLIER_TRY = [
  'DELETE FROM frozen_balance WHERE snapshot_id = $1',
  'DELETE FROM snapshot_row_error WHERE snapshot_id = $1',
];
