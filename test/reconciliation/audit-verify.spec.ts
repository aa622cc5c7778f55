import { rm } from 'node:fs/promises';
import pg from 'pg';
import { verifyAudit, type AuditVerdict } from '../../src/reconciliation/audited/verify-audit.js';
import type { TestDatabase } from '../harness/database.js';
import { eventually } from '../harness/eventually.js';
import { createAuditedProgramme } from './audited-programme.js';
import { tamper } from './books.js';

async function verify({ appUrl }: TestDatabase): Promise<AuditVerdict> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    return await verifyAudit(client);
  } finally {
    await client.end();
  }
}

describe('the audit trail of a whole programme', () => {
  let original: TestDatabase;
  beforeAll(async () => {
    const { server, folder } = await createAuditedProgramme();
    // Money was released and has arrived: both are signed at once, without waiting for the minute.
    await eventually(async () => {
      const [row] = await server.database.asSuperuser<{ signed: boolean }>(
        `SELECT coalesce(max(s.seq) >= (SELECT max(c.seq) FROM audit_chain c JOIN audit_event e ON e.id = c.event_id
           WHERE e.action = 'credit_batch.completed'), false) AS signed FROM audit_signed_head s`,
      );
      return row?.signed;
    });
    await server.app.close();
    await rm(folder, { recursive: true });
    original = server.database;
  }, 120_000);
  afterAll(() => original.drop());

  const one = async (sql: string): Promise<string> =>
    String(Object.values((await original.asSuperuser(sql))[0] ?? {})[0] ?? '');

  /** What is found after a superuser did this to a table with every trigger off; afterwards the table is as it was. */
  const findingAfter = async (table: string, statement: string): Promise<string | null> => {
    await tamper(original, `CREATE TABLE kept AS TABLE ${table}; ${statement}`);
    const { finding } = await verify(original);
    await tamper(
      original,
      `DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE TABLE kept; DROP TABLE kept`,
    );
    return finding;
  };

  it('fits, with each transfer, decision and sealed balance in it once', async () => {
    const verdict = await verify(original);
    expect(verdict.finding).toBeNull();
    const rows = await one(`SELECT (SELECT count(*) FROM ledger_transfer) + (SELECT count(*) FROM claim_decision)
      + (SELECT count(*) FROM approval_decision) + (SELECT count(*) FROM frozen_balance)`);
    expect(verdict.rows.toString()).toBe(rows);
    const links = await one('SELECT (SELECT count(*) FROM audit_event) + (SELECT count(*) FROM audit_rows)');
    expect(verdict.head?.seq.toString()).toBe(links);
  });

  it.each([
    ['occurred_at', `occurred_at + interval '1 microsecond'`],
    ['actor_id', `actor_id || 'x'`],
    ['actor_role', `'auditor'`],
    ['action', `'claim.refused'`],
    ['subject_type', `'claims'`],
    ['subject_id', `subject_id || '0'`],
    ['request_id', `request_id || '-'`],
    ['before', `'{}'`],
    ['after', `jsonb_set(after, '{status}', '"Approved"')`],
    ['row_count', `0, rows_digest = repeat('0', 64)`],
    ['confidential', 'true'],
  ])('names the event whose %s was changed', async (column, value) => {
    const id = await one(`SELECT id FROM audit_event WHERE action = 'claim.approved'`);
    const finding = await findingAfter('audit_event', `UPDATE audit_event SET ${column} = ${value} WHERE id = ${id}`);
    expect(finding).toMatch(new RegExp(`^Event ${id} .*was changed`));
  });

  it('[23] names an event that was removed, in the middle or at the end', async () => {
    for (const which of [
      `SELECT id FROM audit_event WHERE action = 'claim.opened'`,
      'SELECT event_id FROM audit_chain WHERE event_id IS NOT NULL ORDER BY seq DESC LIMIT 1',
    ]) {
      const id = await one(which);
      expect(await findingAfter('audit_event', `DELETE FROM audit_event WHERE id = ${id}`)).toContain(
        `Event ${id} is missing`,
      );
    }
  });

  it('names an event that was written past the triggers', async () => {
    const finding = await findingAfter(
      'audit_event',
      `INSERT INTO audit_event (actor_id, actor_role, action, subject_type, subject_id, request_id) VALUES ('system', 'system', 'thing.made', 'thing', '1', 'r')`,
    );
    expect(finding).toMatch(/^Event \d+ \(thing\.made of thing 1, .*\) is not in the chain/);
  });

  it('names a link that was changed or removed', async () => {
    expect(await findingAfter('audit_chain', 'UPDATE audit_chain SET hash = sha256(hash) WHERE seq = 7')).toContain(
      'link 7',
    );
    expect(await findingAfter('audit_chain', 'DELETE FROM audit_chain WHERE seq = 5')).toBe(
      'Link 5 is missing: after link 4 comes link 6.',
    );
  });

  it.each([
    ['ledger_transfer', 'amount_jpy', 'amount_jpy + 1', `kind = 'funding'`],
    ['ledger_transfer', 'reference_id', 'reference_id + 1', `kind = 'funding'`],
    ['ledger_transfer', 'posting_date', 'posting_date - 1', `kind = 'funding'`],
    ['ledger_transfer', 'label', `label || ' '`, `kind = 'funding'`],
    ['ledger_transfer', 'created_at', `created_at + interval '1 microsecond'`, `kind = 'funding'`],
    ['claim_decision', 'reason_code', `reason_code || 'x'`, 'approval_run_id IS NULL'],
    ['claim_decision', 'reason_text', `reason_text || '.'`, 'approval_run_id IS NULL'],
    ['claim_decision', 'decision', `'reject'`, 'approval_run_id IS NULL'],
    ['claim_decision', 'version', 'version + 5', 'approval_run_id IS NULL'],
    ['approval_decision', 'reason', `'x'`, 'true'],
    ['approval_decision', 'decided_at', `decided_at - interval '1 microsecond'`, 'true'],
  ])('names the row of %s and its %s when that was changed', async (table, column, value, which) => {
    const finding = await findingAfter(
      table,
      `UPDATE ${table} SET ${column} = ${value} WHERE ctid = (SELECT min(ctid) FROM ${table} WHERE ${which})`,
    );
    expect(finding).toMatch(new RegExp(`^${table} [^:]*: ${column} is `));
  });

  it.each([
    ['ledger_transfer', 'amount_jpy', 'amount_jpy + 1', `kind = 'credit'`],
    ['ledger_transfer', 'label', `'NEM'`, `kind = 'credit'`],
    ['claim_decision', 'decided_by', `(SELECT max(id::text)::uuid FROM staff)`, 'approval_run_id IS NOT NULL'],
    [
      'frozen_balance',
      'quantity_xem',
      'quantity_xem + 1, available_xem = available_xem + 1',
      'excluded_reason IS NULL',
    ],
  ])('names one row among many of %s and its %s', async (table, column, value, which) => {
    const finding = await findingAfter(
      table,
      `UPDATE ${table} SET ${column} = ${value} WHERE ctid = (SELECT max(ctid) FROM ${table} WHERE ${which})`,
    );
    expect(finding).toMatch(new RegExp(`^${table} [^:]*: ${column} is .* and should be `));
  });

  it.each([
    ['ledger_transfer', `kind = 'credit'`, /Of \d+ rows of ledger_transfer .* \d+ are there/],
    ['claim_decision', 'approval_run_id IS NULL', /claim_decision \d+\/1 is missing/],
    ['approval_decision', 'true', /approval_decision .* is missing/],
    ['frozen_balance', 'excluded_reason IS NOT NULL', /Of \d+ rows of frozen_balance .* \d+ are there/],
  ])('finds that a row of %s was removed', async (table, which, expected) => {
    const statement = `DELETE FROM ${table} WHERE ctid = (SELECT max(ctid) FROM ${table} WHERE ${which})`;
    expect(await findingAfter(table, statement)).toMatch(expected);
  });

  it('names a transfer that was forged past the triggers', async () => {
    const finding = await findingAfter(
      'ledger_transfer',
      `INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
       SELECT 'credit', debit_account_id, credit_account_id, 1, 999999, posting_date, label FROM ledger_transfer WHERE kind = 'credit' LIMIT 1`,
    );
    expect(finding).toMatch(/^ledger_transfer \d+ is not in the chain: it was written past its triggers\.$/);
  });

  it.each([
    [
      'credit_batch_item',
      `UPDATE credit_batch_item SET skip_reason = 'released' WHERE seq = 1 AND batch_id = 1`,
      /credit_batch\.credited of 1/,
    ],
    [
      'proof_tree',
      `UPDATE proof_tree SET root = repeat('0', 64) WHERE cause = 'snapshot'`,
      /^proof_tree .* not what was published/,
    ],
  ])('compares the events with %s', async (table, statement, expected) => {
    expect(await findingAfter(table, statement)).toMatch(expected);
  });
});
