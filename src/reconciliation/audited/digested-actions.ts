import { LinesDigest } from '../../audit/chain/chain-hash.js';
import { Mismatch } from '../../audit/chain/mismatch.js';
import type { ReadOnlyCopy } from '../../audit/chain/read-only-copy.js';

/** An action whose event carries a digest over the rows it wrote, and how that digest is computed again from the rows. */
interface DigestedAction {
  readonly action: string;
  /** One line of text for each row of the event with this id, in the order of the digest. */
  readonly lines: (eventId: bigint) => string;
  /** Of the event `e`: the digest and, where it carries one, the number of rows. */
  readonly digest: string;
  readonly rowCount: string;
}

const CREDITED_CHUNK: DigestedAction = {
  action: 'credit_batch.credited',
  lines: (eventId) => `
    SELECT concat_ws(':', t.reference_id, t.credit_account_id, t.amount_jpy)
    FROM audit_event e
    JOIN credit_batch_item i ON i.batch_id = e.subject_id::bigint AND i.skip_reason IS NULL
      AND i.seq BETWEEN (e.after ->> 'fromSeq')::bigint AND (e.after ->> 'toSeq')::bigint
    JOIN ledger_transfer t ON t.kind = 'credit' AND t.reference_id = i.claim_id
    WHERE e.id = ${eventId} ORDER BY t.reference_id`,
  digest: 'e.rows_digest',
  rowCount: 'e.row_count',
};

const APPROVAL_RUN: DigestedAction = {
  action: 'approval_run.effective',
  lines: (eventId) => `
    SELECT c.claim_no || ':' || CASE d.decision WHEN 'approve' THEN 'approved' ELSE 'rejected' END || ':' || c.amount_jpy
    FROM audit_event e JOIN claim_decision d ON d.approval_run_id = e.subject_id::bigint JOIN claim c ON c.id = d.claim_id
    WHERE e.id = ${eventId} ORDER BY c.id`,
  digest: 'e.rows_digest',
  rowCount: 'e.row_count',
};

/** Openings wait for each other, so those of one transaction are told from others by its instant. */
const OPENING: DigestedAction = {
  action: 'claim.opened',
  lines: (eventId) => `
    SELECT c.id || ':' || c.amount_jpy FROM audit_event e JOIN claim c ON c.created_at = e.occurred_at
    WHERE e.id = ${eventId} ORDER BY c.id`,
  digest: 'e.rows_digest',
  rowCount: 'e.row_count',
};

/** What two people agreed to when they sealed: customer, quantity and exclusion of each line of the uploaded file. */
const SEAL: DigestedAction = {
  action: 'snapshot.sealed',
  lines: (eventId) => `
    SELECT h.customer_no || ',' || b.quantity_xem || ',' || coalesce(b.excluded_reason::text, '')
    FROM audit_event e JOIN frozen_balance b ON b.snapshot_id = e.subject_id::uuid JOIN holder h ON h.id = b.holder_id
    WHERE e.id = ${eventId} ORDER BY b.line_no`,
  digest: `e.after ->> 'rowsDigest'`,
  rowCount: 'NULL',
};

const ACTIONS = [SEAL, OPENING, APPROVAL_RUN, CREDITED_CHUNK];

/** Events over many rows say what the rows say, and every credit and every tree has its event. Errors: Mismatch. */
export async function verifyDigestedActions(copy: ReadOnlyCopy): Promise<void> {
  for (const action of ACTIONS) await verifyAction(copy, action);
  const credit = await copy.first(UNRECORDED_CREDIT);
  if (credit)
    throw new Mismatch(`There are ${credit[0]} credits and the events of crediting stand for ${credit[1]} of them.`);
  const tree = await copy.first(DIFFERING_TREE);
  if (tree) throw new Mismatch(`proof_tree ${tree[0]}: its root, its totals or its event are not what was published.`);
}

async function verifyAction(copy: ReadOnlyCopy, { action, lines, digest, rowCount }: DigestedAction): Promise<void> {
  const events = `SELECT e.id::text, (${rowCount})::text, ${digest}, e.subject_id FROM audit_event e WHERE e.action = '${action}' ORDER BY e.id`;
  for await (const [id, count = null, expected, subjectId] of copy.rows(events)) {
    const computed = new LinesDigest();
    for await (const [line] of copy.rows(lines(BigInt(id ?? 0)))) computed.add(line ?? '');
    const rows = computed.lines.toString();
    if (count !== null && count !== rows)
      throw new Mismatch(`Event ${id} (${action} of ${subjectId}) stands for ${count} rows, and there are ${rows}.`);
    if (computed.hex() !== expected)
      throw new Mismatch(
        `Event ${id} (${action} of ${subjectId}) carries another digest than its ${rows} rows have now.`,
      );
  }
}

const UNRECORDED_CREDIT = `
  SELECT credits::text, recorded::text
  FROM (SELECT count(*) AS credits FROM ledger_transfer WHERE kind = 'credit') AS there,
       (SELECT coalesce(sum(row_count), 0) AS recorded FROM audit_event WHERE action = 'credit_batch.credited') AS said
  WHERE credits <> recorded`;

const DIFFERING_TREE = `
  SELECT coalesce(t.id::text, e.subject_id)
  FROM (SELECT id, jsonb_build_object('cause', cause, 'causeId', cause_id, 'root', root, 'leafCount', leaf_count, 'customerCount', customer_count,
          'quantityMicroXem', quantity_micro_xem::text, 'claimJpy', claim_jpy::text, 'creditedJpy', credited_jpy::text) AS published FROM proof_tree) AS t
  FULL JOIN (SELECT subject_id, after FROM audit_event WHERE action = 'proof.published') AS e ON e.subject_id = t.id::text
  WHERE e.after IS DISTINCT FROM t.published LIMIT 1`;
