/**
 * Takes the staged rows over, all in one statement: who holds, how they are found on the phone, and what was frozen, so
 * that nobody is there without the other two. Names and contacts may be those of a later upload as long as nothing of the
 * customer is sealed, which was checked before. Locks the holders that it writes.
 */
export const TAKE_OVER_ROWS = `
  WITH kept AS (
    INSERT INTO holder (customer_no, kind, name, name_kana, email, phone, birth_date, country, language, account_status, identity_status)
    SELECT customer_no, kind, name, name_kana, email, phone, birth_date, country, language, account_status, identity_status
    FROM staged_row ORDER BY line_no
    ON CONFLICT (customer_no) DO UPDATE SET kind = excluded.kind, name = excluded.name, name_kana = excluded.name_kana, email = excluded.email,
      phone = excluded.phone, birth_date = excluded.birth_date, country = excluded.country, language = excluded.language,
      account_status = excluded.account_status, identity_status = excluded.identity_status
    RETURNING id, customer_no
  ), findable AS (
    INSERT INTO holder_search_key (holder_id, name_key, given_name_key, reading_key, given_reading_key, email_key, phone_key)
    SELECT h.id, r.name_key, r.given_name_key, r.reading_key, r.given_reading_key, r.email_key, r.phone_key
    FROM staged_row r JOIN kept h ON h.customer_no = r.customer_no ORDER BY r.line_no
    ON CONFLICT (holder_id) DO UPDATE SET name_key = excluded.name_key, given_name_key = excluded.given_name_key,
      reading_key = excluded.reading_key, given_reading_key = excluded.given_reading_key, email_key = excluded.email_key,
      phone_key = excluded.phone_key
  )
  INSERT INTO frozen_balance (snapshot_id, holder_id, line_no, available_xem, in_order_xem, lent_xem, in_transit_xem, quantity_xem, excluded_reason, excluded_text)
  SELECT $1, h.id, r.line_no, r.available_xem, r.in_order_xem, r.lent_xem, r.in_transit_xem, r.quantity_xem, r.excluded_reason, r.excluded_text
  FROM staged_row r JOIN kept h ON h.customer_no = r.customer_no ORDER BY r.line_no`;
