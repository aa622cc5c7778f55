/** The columns of an answer; masking is part of what an agent may see, and one expression of SQL each. */
const COLUMNS = `
  h.customer_no AS "customerNo", left(h.name, 1) || '*' AS name, left(h.name_kana, 1) || '*' AS "nameKana",
  left(h.email, 1) || '***' AS email, '***' || right(h.phone, 2) AS phone,
  c.claim_no AS "claimNo", c.status, c.held AS "underReview", c.amount_jpy::text AS "amountJpy"`;
const CLAIM = 'LEFT JOIN claim c ON c.holder_id = h.id AND c.parent_claim_id IS NULL';

/**
 * For each kind of question the one query that knows beforehand what it is asked: one range of one index, and the rows behind
 * it. The text is folded already, so nothing is done to it here.
 */
export const SEARCHES = {
  kana: `SELECT ${COLUMNS} FROM (SELECT holder_id FROM holder_search_key WHERE reading_key >= $1 AND reading_key < $1 || U&'\\FFFF' ORDER BY reading_key LIMIT 21) k
    JOIN holder h ON h.id = k.holder_id ${CLAIM}`,
  phone: `SELECT ${COLUMNS} FROM holder_search_key k JOIN holder h ON h.id = k.holder_id ${CLAIM} WHERE k.phone_key = $1 LIMIT 21`,
  claim: `SELECT ${COLUMNS} FROM claim c JOIN holder h ON h.id = c.holder_id WHERE c.claim_no = $1`,
} as const;
export type SearchKind = keyof typeof SEARCHES;
