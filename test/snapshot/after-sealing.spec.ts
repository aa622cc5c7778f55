import fc from 'fast-check';
import { createTestApp, type TestApp } from '../harness/app.js';
import { COLUMNS, importFile, row, upload } from './uploads.js';

const file = (...rows: string[]) => `${[COLUMNS, ...rows].join('\n')}\n`;
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe('files and snapshots that are there already', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  it('what a file says is what is stored, whatever the text', async () => {
    let customer = 0;
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((value) => !/[\0\uFFFD]/.test(value) && value.isWellFormed());
    await fc.assert(
      fc.asyncProperty(text, fc.bigInt({ min: 1n, max: 10n ** 19n }), async (name, micro) => {
        customer += 1;
        const quantity = `${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(6, '0')}`;
        const content = file(row(`P${customer}`, { name: quoted(name), quantity_xem: quantity }));
        const imported = await importFile(server, content, { fields: { declaredTotalXem: quantity } });
        expect(imported).toEqual({ status: 'ready', errors: [] });
        const [stored] = await server.database.asSuperuser(
          'SELECT h.name, b.quantity_xem FROM holder h JOIN frozen_balance b ON b.holder_id = h.id WHERE customer_no = $1',
          [`P${customer}`],
        );
        expect(stored).toEqual({ name, quantity_xem: quantity });
      }),
      { numRuns: 40 },
    );
  });

  it('a second base and a supplement that repeats a sealed customer are refused', async () => {
    await importFile(server, file(row('S1')));
    await server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
       UPDATE snapshot SET status = 'sealed' FROM off, frozen_balance b JOIN holder h ON h.id = b.holder_id
       WHERE b.snapshot_id = snapshot.id AND h.customer_no = 'S1'`,
    );
    expect(await upload(server, file(row('S2')))).toMatchObject({ status: 409, body: { code: 'base_already_sealed' } });
    const supplement = { kind: 'supplement', declaredCount: '2', declaredTotalXem: '20' };
    const imported = await importFile(server, file(row('S3'), row('S1')), { fields: supplement });
    expect(imported.status).toBe('invalid');
    expect(imported.errors).toEqual([
      expect.objectContaining({ line_no: '3', value: 'S1', code: 'customer_in_sealed_snapshot' }),
    ]);
  });
});
