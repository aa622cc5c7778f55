import pg from 'pg';
import { Audit, systemActor } from '../../src/audit/audit.js';
import { Database } from '../../src/platform/database/database.js';
import { AuditVerificationService } from '../../src/reconciliation/audited/audit-verification.service.js';
import { verifyAudit } from '../../src/reconciliation/audited/verify-audit.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';

const WRITERS = 30;
const EACH = 10;

describe('the chain of events', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp({ databasePoolSize: WRITERS });
  });
  afterAll(() => server.close());

  const record = (subjectId: string, then?: () => void) =>
    server.app.get(Database, { strict: false }).transaction(async (tx) => {
      await server.app.get(Audit, { strict: false }).record(tx, systemActor('a-test'), {
        action: 'thing.made',
        subjectType: 'thing',
        subjectId,
        after: { text: 'quote " backslash \\ 円 \t 😀 \u2028', number: '1.10', list: [1, null, true] },
      });
      then?.();
    });
  const verify = async () => {
    const client = new pg.Client({ connectionString: server.database.appUrl });
    await client.connect();
    try {
      await client.query('BEGIN');
      return await verifyAudit(client);
    } finally {
      await client.end();
    }
  };

  it('has neither a gap nor a fork after 30 writers at once, some of whom gave up', async () => {
    const before = (await verify()).head?.seq ?? 0n;
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let nth = 0; nth < EACH; nth += 1) {
        await record(`${writer}-${nth}`);
        await record(`${writer}-${nth}-undone`, () => {
          throw new Error('undone');
        }).catch(() => undefined);
      }
    });
    await Promise.all(writers);
    expect(await verify()).toMatchObject({ finding: null, head: { seq: before + BigInt(WRITERS * EACH) } });
  });

  it('is shown to auditors, with what its last verification found', async () => {
    const { token } = await staffToken(server, 'auditor');
    await server.app.get(AuditVerificationService, { strict: false }).verify();
    const { status, body } = await server.call('GET', '/v1/audit/verification', { token });
    const verdict = await verify();
    expect([status, body]).toEqual([
      200,
      {
        chainId: verdict.chainId,
        head: { seq: verdict.head?.seq.toString(), hash: verdict.head?.hash },
        signedHead: null,
        lastVerification: {
          finishedAt: expect.any(String),
          seq: verdict.head?.seq.toString(),
          hash: verdict.head?.hash,
          // The decision with which the auditor's account was agreed to.
          rowCount: '1',
          fits: true,
          finding: null,
        },
      },
    ]);
  });

  it('is what an action waits for: if no link can be written, nothing was done', async () => {
    const { token } = await staffToken(server, 'administrator');
    await server.database.asSuperuser('ALTER TABLE audit_chain ADD CONSTRAINT full_disk CHECK (seq < 0) NOT VALID');
    const people = () => server.database.asSuperuser('SELECT login FROM staff_account_request_row ORDER BY login');
    const before = await people();
    const { status } = await server.call('POST', '/v1/staff', {
      token,
      body: { login: 'never.hired', displayName: 'Never', role: 'auditor' },
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(await people()).toEqual(before);
    await server.database.asSuperuser('ALTER TABLE audit_chain DROP CONSTRAINT full_disk');
  });

  it.each([
    [
      `INSERT INTO audit_chain (seq, event_id, previous_hash, hash) SELECT seq + 1, 1, hash, hash FROM audit_chain ORDER BY seq DESC LIMIT 1`,
    ],
    ['UPDATE audit_chain SET hash = previous_hash'],
    ['DELETE FROM audit_chain'],
    ['TRUNCATE audit_rows'],
    [`INSERT INTO audit_rows (table_name, subject_id, row_count, rows_digest) VALUES ('x', 'x', 1, repeat('0', 64))`],
    ['ALTER TABLE audit_event DISABLE TRIGGER audit_event_chain'],
    ['SELECT append_to_audit_chain()'],
  ])('cannot be written by the application: %s', async (sql) => {
    await expect(server.database.asApp(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|0A000)$/) });
  });

  it.each(['UPDATE audit_chain SET seq = seq', 'DELETE FROM audit_rows', 'TRUNCATE audit_chain'])(
    'refuses even the owner %s',
    async (sql) => {
      const owner = new pg.Client({ connectionString: server.database.migratorUrl });
      await owner.connect();
      await expect(owner.query(sql)).rejects.toMatchObject({ code: 'HK001' });
      await owner.end();
    },
  );
});
