import type { RowIds, WrittenTable } from '../../audit/chain/verify-rows.js';

const microseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;

/**
 * The numbers stand in the statement itself: joined from where they are noted, their planner expects a hundred ranges of
 * anything, and may compare each row of the table with each of thousands of ranges.
 */
const within = (column: string, ids: RowIds): string =>
  `${column} >= lower(${ids}) AND ${column} < upper(${ids}) AND ${column} <@ ${ids}`;

const TRANSFERS: WrittenTable = {
  table: 'ledger_transfer',
  columns: [
    'id',
    'kind',
    'debit_account_id',
    'credit_account_id',
    'amount_jpy',
    'reference_id',
    'posting_date',
    'label',
    'created_at',
  ],
  keyColumns: 1,
  rowsOf: (condition, ids) => `
    SELECT t.id::text, t.kind::text, t.debit_account_id::text, t.credit_account_id::text, t.amount_jpy::text, t.reference_id::text,
           to_char(t.posting_date, 'YYYY-MM-DD'), t.label, ${microseconds('t.created_at')}
    FROM audit_rows r JOIN ledger_transfer t ON ${within('t.id', ids)}
    WHERE ${condition} ORDER BY t.id`,
  count: `SELECT count(*)::text FROM ledger_transfer`,
  unnoted: `
    SELECT id::text FROM ledger_transfer
    WHERE NOT id <@ coalesce((SELECT range_agg(ids) FROM audit_rows r CROSS JOIN unnest(r.row_ids) AS ids WHERE r.table_name = 'ledger_transfer'), '{}')
    ORDER BY id LIMIT 1`,
  // Credits of a chunk say what the claim, its live item and its batch say.
  suspects: (condition, ids) => `
    SELECT t.id::text, side.name, side.found, side.expected
    FROM audit_rows r JOIN ledger_transfer t ON ${within('t.id', ids)}
    LEFT JOIN claim c ON c.id = t.reference_id
    LEFT JOIN credit_batch_item i ON i.claim_id = t.reference_id AND i.skip_reason IS NULL
    LEFT JOIN credit_batch b ON b.id = i.batch_id
    CROSS JOIN LATERAL (VALUES
      ('amount_jpy', t.amount_jpy::text, c.amount_jpy::text), ('credit_account_id', t.credit_account_id::text, c.wallet_account_id::text),
      ('debit_account_id', t.debit_account_id::text, (SELECT id::text FROM ledger_account WHERE kind = 'approved_uncredited' AND holder_id IS NULL)),
      ('kind', t.kind::text, 'credit'), ('label', t.label, b.label), ('posting_date', t.posting_date::text, b.posting_date::text),
      ('created_at', t.created_at::text, r.written_at::text)) AS side (name, found, expected)
    WHERE ${condition} AND side.found IS DISTINCT FROM side.expected ORDER BY t.id LIMIT 1`,
};

const CLAIM_DECISIONS: WrittenTable = {
  table: 'claim_decision',
  columns: [
    'claim_id',
    'version',
    'decision',
    'reason_code',
    'reason_text',
    'decided_by',
    'approval_run_id',
    'approval_request_id',
    'decided_at',
  ],
  keyColumns: 2,
  rowsOf: (condition, ids) => `
    SELECT d.claim_id::text, d.version::text, d.decision::text, d.reason_code, d.reason_text, d.decided_by::text, d.approval_run_id::text,
           d.approval_request_id::text, ${microseconds('d.decided_at')}
    FROM audit_rows r JOIN claim_decision d ON ${within('d.claim_id', ids)} AND d.decided_at = r.written_at
    WHERE ${condition} ORDER BY d.claim_id`,
  count: `SELECT count(*)::text FROM claim_decision`,
  unnoted: `
    SELECT claim_id || '/' || version FROM claim_decision d
    WHERE NOT EXISTS (SELECT FROM audit_rows r WHERE r.table_name = 'claim_decision' AND r.written_at = d.decided_at AND d.claim_id <@ r.row_ids)
    ORDER BY claim_id, version LIMIT 1`,
  // The decisions of a run are those of its maker, for the reason that was proposed, and as the amount demands.
  suspects: (condition, ids) => `
    SELECT d.claim_id || '/' || d.version, side.name, side.found, side.expected
    FROM audit_rows r JOIN claim c ON ${within('c.id', ids)}
    JOIN claim_decision d ON d.claim_id = c.id AND d.decided_at = r.written_at
    LEFT JOIN approval_run a ON a.id = d.approval_run_id
    CROSS JOIN LATERAL (VALUES
      ('decision', d.decision::text, CASE WHEN c.amount_jpy = 0 THEN 'reject' ELSE 'approve' END),
      ('decided_by', d.decided_by::text, a.made_by::text),
      ('reason_code', d.reason_code, CASE WHEN c.amount_jpy = 0 THEN 'below_one_yen' ELSE a.filter ->> 'reasonCode' END)) AS side (name, found, expected)
    WHERE ${condition} AND side.found IS DISTINCT FROM side.expected ORDER BY d.claim_id LIMIT 1`,
};

const APPROVAL_DECISIONS: WrittenTable = {
  table: 'approval_decision',
  columns: ['request_id', 'maker_id', 'checker_id', 'decision', 'reason', 'decided_at'],
  keyColumns: 1,
  rowsOf: (condition) => `
    SELECT d.request_id::text, d.maker_id::text, d.checker_id::text, d.decision::text, d.reason, ${microseconds('d.decided_at')}
    FROM audit_rows r
    JOIN approval_decision d ON d.request_id = split_part(r.subject_id, '/', 1)::uuid AND d.checker_id = split_part(r.subject_id, '/', 2)::uuid
    WHERE ${condition}`,
  count: `SELECT count(*)::text FROM approval_decision`,
  unnoted: `
    SELECT request_id || '/' || checker_id FROM approval_decision d
    WHERE NOT EXISTS (SELECT FROM audit_rows r WHERE r.table_name = 'approval_decision' AND r.subject_id = d.request_id || '/' || d.checker_id)
    ORDER BY decided_at LIMIT 1`,
};

const SEALED_BALANCES: WrittenTable = {
  table: 'frozen_balance',
  columns: [
    'id',
    'snapshot_id',
    'holder_id',
    'customer_no',
    'line_no',
    'available_xem',
    'in_order_xem',
    'lent_xem',
    'in_transit_xem',
    'quantity_xem',
    'excluded_reason',
    'excluded_text',
  ],
  keyColumns: 1,
  rowsOf: (condition) => `
    SELECT b.id::text, b.snapshot_id::text, b.holder_id::text, h.customer_no, b.line_no::text, b.available_xem::text, b.in_order_xem::text,
           b.lent_xem::text, b.in_transit_xem::text, b.quantity_xem::text, b.excluded_reason::text, b.excluded_text
    FROM audit_rows r JOIN frozen_balance b ON b.snapshot_id = r.subject_id::uuid JOIN holder h ON h.id = b.holder_id
    WHERE ${condition} ORDER BY b.line_no, b.id`,
  count: `SELECT count(*)::text FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id WHERE s.status = 'sealed'`,
  unnoted: `
    SELECT b.id::text FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id
    WHERE s.status = 'sealed' AND NOT EXISTS (SELECT FROM audit_rows r WHERE r.table_name = 'frozen_balance' AND r.subject_id = s.id::text)
    ORDER BY b.id LIMIT 1`,
  // A claim repeats the quantity and the holder of its balance.
  suspects: (condition) => `
    SELECT b.id::text, side.name, side.found, side.expected
    FROM audit_rows r JOIN frozen_balance b ON b.snapshot_id = r.subject_id::uuid
    JOIN claim c ON c.frozen_balance_id = b.id AND c.parent_claim_id IS NULL
    CROSS JOIN LATERAL (VALUES ('quantity_xem', b.quantity_xem::text, c.quantity_xem::text), ('holder_id', b.holder_id::text, c.holder_id::text))
      AS side (name, found, expected)
    WHERE ${condition} AND side.found IS DISTINCT FROM side.expected ORDER BY b.id LIMIT 1`,
};

/** Everything that the triggers of the audit chain take a digest of. */
export const WRITTEN_TABLES: readonly WrittenTable[] = [
  TRANSFERS,
  CLAIM_DECISIONS,
  APPROVAL_DECISIONS,
  SEALED_BALANCES,
];
