import type { ReconciliationView } from '../../src/reconciliation/reconciliation.dto.js';
import type { ProofView, PublishedProofPage } from '../../src/proof/proof.dto.js';
import { ProofBuilder } from '../../src/proof/proof-builder.js';
import { verifyProof } from '../../src/proof/verify-proof.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';
import { arrangeBooks, type Position } from '../reconciliation/books.js';

const POSITIONS: Position[] = [
  { microXem: 1_234_500_000n, standing: 'credited' },
  { microXem: 10_000_001n, standing: 'credited' },
  { microXem: 777_777_777n, standing: 'approved' },
  { microXem: 3_333_333n, standing: 'rejected' },
  { microXem: 5_000n, standing: 'below_one_yen' },
  // So many that whatever is drawn for a customer, with and without its highest bit, is met.
  ...Array.from({ length: 40 }, (_, nth): Position => ({
    microXem: 1_000_003n * BigInt(nth + 1) ** 3n,
    standing: 'approved',
  })),
];
const NEVER = new AbortController().signal;

describe('proofs', () => {
  let server: TestApp;
  let published: PublishedProofPage;
  beforeAll(async () => {
    server = await createTestApp();
    await arrangeBooks(server.database, POSITIONS, 10n ** 9n);
    await server.app.get(ProofBuilder).buildMissing(NEVER);
    published = (await server.call<PublishedProofPage>('GET', '/v1/public/proofs')).body;
  });
  afterAll(() => server.close());

  const proofOf = async (customerNo: string) => {
    const { token } = await staffToken(server, 'support_agent');
    return server.call<ProofView>('GET', `/v1/holders/${customerNo}/proof`, { token });
  };

  it('are published for the seal and for the batch, once, without sign-in and without secrets', async () => {
    expect(published.items.map(({ cause }) => cause)).toEqual(['credit_batch', 'snapshot']);
    await server.app.get(ProofBuilder).buildMissing(NEVER);
    const again = await server.call<PublishedProofPage>('GET', '/v1/public/proofs?limit=1');
    expect(again.body.items).toEqual(published.items.slice(0, 1));
    const rest = await server.call<PublishedProofPage>(
      'GET',
      `/v1/public/proofs?cursor=${again.body.nextCursor ?? ''}`,
    );
    expect(rest.body).toEqual({ items: published.items.slice(1), nextCursor: null });
    expect(Object.keys(published.items[0] ?? {})).toEqual(['id', 'cause', 'asOf', 'root', 'leafCount', 'totals']);
  });

  it('have the totals of the reconciliation', async () => {
    const { token } = await staffToken(server, 'auditor');
    const { body } = await server.call<ReconciliationView>('GET', '/v1/reconciliation', { token });
    const yen = (name: string) => body.totals.find((line) => line.name === name)?.sumJpy;
    expect(published.items[0]?.totals).toMatchObject({ claimJpy: yen('claims'), creditedJpy: yen('credited') });
    const micro = BigInt(published.items[0]?.totals.quantityMicroXem ?? 0);
    expect(micro).toBe(POSITIONS.reduce((sum, { microXem }) => sum + microXem, 0n));
  });

  it('prove each customer against the published root', async () => {
    for (const [nth, { microXem }] of POSITIONS.entries()) {
      const { status, body, headers } = await proofOf(`C${nth + 1}`);
      expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
      const verdict = await verifyProof(body, published.items[0]?.root ?? '');
      expect(verdict).toMatchObject({ counted: true });
      expect(verdict.counted && verdict.own[0]).toBe(microXem);
    }
  });

  it('are in the audit trail with root and totals', async () => {
    const rows = await server.database.asSuperuser<{ root: string }>(
      `SELECT after ->> 'root' AS root FROM audit_event WHERE action = 'proof.published' ORDER BY id DESC`,
    );
    expect(rows.map(({ root }) => root)).toEqual(published.items.map(({ root }) => root));
  });

  it('[11] are given to nobody who is not there or may not ask', async () => {
    expect(await proofOf('C99')).toMatchObject({ status: 404, body: { code: 'proof_not_available' } });
    const { token } = await staffToken(server, 'administrator');
    expect((await server.call('GET', '/v1/holders/C1/proof', { token })).status).toBe(403);
    expect((await server.call('GET', '/v1/holders/C1/proof')).status).toBe(401);
  });

  it('stay as they were built: the application can change, remove or add nothing', async () => {
    for (const statement of [
      `UPDATE proof_tree SET root = repeat('0', 64)`,
      'DELETE FROM proof_amount',
      'TRUNCATE proof_chunk',
    ])
      await expect(server.database.asApp(statement)).rejects.toThrow(/permission denied/);
    await expect(
      server.database.asApp(
        `INSERT INTO proof_chunk (tree_id, level, seq, first_hash, nodes) SELECT id, 3, 9, '', decode(repeat('00', 56), 'hex') FROM proof_tree LIMIT 1`,
      ),
    ).rejects.toThrow(/nothing is added/);
    await expect(
      server.database.asApp(
        `INSERT INTO proof_tree (cause, cause_id, as_of, root, leaf_count, customer_count, quantity_micro_xem, claim_jpy, credited_jpy, secret)
         SELECT 'snapshot', 'other', now(), repeat('0', 64), 2, 1, 1, 1, 1, secret FROM proof_tree LIMIT 1`,
      ),
    ).rejects.toThrow(/totals/);
  });
});
