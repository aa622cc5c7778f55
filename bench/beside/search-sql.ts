const COLUMNS = `h.customer_no, h.name, h.name_kana, h.email, h.phone, c.claim_no, c.status, c.held, c.amount_jpy::text, false AS own,
  l.opened_at AS contact_at, l.channel::text AS contact_channel`;
const CLAIM = 'LEFT JOIN claim c ON c.holder_id = h.id AND c.parent_claim_id IS NULL';
const LAST_CONTACT = `LEFT JOIN LATERAL (
  SELECT opened_at, channel FROM contact WHERE holder_id = h.id AND NOT confidential ORDER BY id DESC LIMIT 1) AS l ON true`;

/**
 * For each kind of question the one query that knows beforehand what it is asked: one range of one index, and the rows behind
 * it, without a look at who asks. The text is folded already, so nothing is done to it here.
 */
export const SEARCHES = {
  kana: `SELECT CASE k.reading_key WHEN $1 THEN 'reading' ELSE 'reading_begins' END AS reason, ${COLUMNS}
    FROM (SELECT holder_id, reading_key FROM holder_search_key WHERE reading_key >= $1 AND reading_key < $1 || U&'\\+10FFFF' ORDER BY reading_key LIMIT 21) k
    JOIN holder h ON h.id = k.holder_id ${CLAIM} ${LAST_CONTACT} ORDER BY k.reading_key <> $1, k.holder_id`,
  phone: `SELECT 'phone' AS reason, ${COLUMNS} FROM holder_search_key k JOIN holder h ON h.id = k.holder_id ${CLAIM} ${LAST_CONTACT}
    WHERE k.phone_key = $1 ORDER BY k.holder_id LIMIT 21`,
  claim: `SELECT 'claim_no' AS reason, ${COLUMNS} FROM claim c JOIN holder h ON h.id = c.holder_id ${LAST_CONTACT} WHERE c.claim_no = $1`,
} as const;
export type SearchKind = keyof typeof SEARCHES;
