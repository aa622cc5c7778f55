import { HOLDER_COLUMNS } from '../columns.js';
import { PERSON_COLUMNS } from '../../holder/person-columns.js';

/**
 * Rows of people whom nobody here knows yet, written straight into the three tables that they belong in. Nothing is looked
 * up: a customer who is known, or twice in the file, meets the unique customer number, and the whole transaction is given
 * up. Locks nothing that is there.
 */

/** One such import at a time; a second one goes the way of all others. Held to the end of the transaction. */
export const BE_THE_ONLY_ONE = `SELECT pg_try_advisory_xact_lock(hashtextextended('snapshot_newcomers', 0)) AS alone`;

/** So many holders' ids, one after the other, since nobody else takes any meanwhile. */
export const RESERVE_HOLDER_IDS = `
  SELECT min(id)::text AS first, max(id) - min(id) + 1 = count(*) AS unbroken
  FROM (SELECT nextval('holder_id_seq') AS id FROM generate_series(1, $1::bigint)) AS reserved`;

export const COPY_HOLDERS = `COPY holder (id, ${PERSON_COLUMNS.join(', ')}) FROM STDIN`;

export const COPY_SEARCH_KEYS = `
  COPY holder_search_key (holder_id, name_key, given_name_key, reading_key, given_reading_key, email_key, phone_key) FROM STDIN`;

const QUANTITIES = HOLDER_COLUMNS.slice(PERSON_COLUMNS.length);
export const COPY_BALANCES = `
  COPY frozen_balance (snapshot_id, holder_id, line_no, ${QUANTITIES.join(', ')}, excluded_reason, excluded_text) FROM STDIN`;

/** Counts and sums of what this transaction has written for the snapshot; only it can see that yet. */
export const WRITTEN = `
  SELECT count(*) AS row_count, coalesce(sum(quantity_xem), 0)::text AS total_xem,
         count(*) FILTER (WHERE excluded_reason IS NULL) AS payable_count,
         coalesce(sum(quantity_xem) FILTER (WHERE excluded_reason IS NULL), 0)::numeric(26, 6)::text AS payable_total_xem,
         count(*) FILTER (WHERE excluded_reason IS NOT NULL) AS excluded_count,
         coalesce(sum(quantity_xem) FILTER (WHERE excluded_reason IS NOT NULL), 0)::numeric(26, 6)::text AS excluded_total_xem
  FROM frozen_balance WHERE snapshot_id = $1`;
