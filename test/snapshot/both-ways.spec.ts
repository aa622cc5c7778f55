import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { SnapshotImport } from '../../src/snapshot/snapshot-import.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { COLUMNS, importFile, row } from './uploads.js';

const file = (...rows: string[]) => `${[COLUMNS, ...rows].join('\n')}\n`;
const EXCLUSIONS = 'customer_no,reason,text\nN2,zero,closed\\early\nN3,negative,\n';
const TOTALS = { declaredCount: '4', declaredTotalXem: '7.5' };

/** The same people, whose names are `name`: some are known, whoever comes first. */
const people = (name: string, ...ofN4: string[]) =>
  file(
    row('N1', { name, name_kana: 'サトウ ハナコ', email: 'N1@Example.jp', phone: '+81 90-1234-5678' }),
    row('N2', { name, quantity_xem: '0' }),
    row('N3', { name: `"${name}, \\ ""x"""`, quantity_xem: '-3.5' }),
    row('N4', {
      name,
      quantity_xem: '1',
      available_xem: '0.4',
      in_order_xem: '0.6',
      lent_xem: '0',
      in_transit_xem: '0.000000',
    }),
    ...ofN4,
  );

/** Customers who are new are written straight into their tables; where one is known, or a row is wrong, the file goes another way. */
describe('both ways of an import', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  /** What is kept of the last upload: its totals, and its rows with what they are found by. */
  const kept = async () => ({
    snapshot: (
      await server.database.asSuperuser(
        `SELECT id, status, row_count, payable_count, payable_total_xem, excluded_count, excluded_total_xem, rows_digest
         FROM snapshot ORDER BY id DESC LIMIT 1`,
      )
    )[0],
    rows: await server.database.asSuperuser(
      `SELECT h.customer_no, h.name, k.name_key, k.given_name_key, k.reading_key, k.given_reading_key, k.email_key, k.phone_key, b.line_no,
              b.available_xem, b.in_order_xem, b.lent_xem, b.in_transit_xem, b.quantity_xem, b.excluded_reason, b.excluded_text
       FROM holder h JOIN holder_search_key k ON k.holder_id = h.id JOIN frozen_balance b ON b.holder_id = h.id
       WHERE b.snapshot_id = (SELECT max(id::text)::uuid FROM snapshot) ORDER BY b.line_no`,
    ),
    digest: (
      await server.database.asSuperuser(
        `SELECT encode(sha256(convert_to(string_agg(h.customer_no || ',' || b.quantity_xem || ',' || coalesce(b.excluded_reason::text, ''), E'\\n' ORDER BY b.line_no), 'UTF8')), 'hex') AS rows_digest
         FROM frozen_balance b JOIN holder h ON h.id = b.holder_id WHERE b.snapshot_id = (SELECT max(id::text)::uuid FROM snapshot)`,
      )
    )[0],
  });

  it('write the same', async () => {
    expect(await importFile(server, people('佐藤 花子'), { exclusions: EXCLUSIONS, fields: TOTALS })).toEqual({
      status: 'ready',
      errors: [],
    });
    const first = await kept();
    expect(first.rows).toHaveLength(4);
    expect(first.snapshot).toMatchObject({ row_count: '4', payable_count: '2', excluded_total_xem: '-3.500000' });
    expect(first.snapshot).toMatchObject(first.digest ?? {});
    expect(first.rows[0]).toMatchObject({
      name_key: '佐藤花子',
      given_reading_key: 'ハナコ',
      phone_key: '09012345678',
    });
    expect(first.rows[2]).toMatchObject({ name: '佐藤 花子, \\ "x"', excluded_text: null });

    // The file is another one by its last line alone, which is blank; everybody in it is known by now.
    const again = await importFile(server, `${people('佐藤 花子')}\n`, { exclusions: EXCLUSIONS, fields: TOTALS });
    expect(again).toEqual({ status: 'ready', errors: [] });
    const second = await kept();
    expect(second).toEqual({ ...first, snapshot: { ...first.snapshot, id: expect.any(String) } });
    expect(second.snapshot?.id).not.toBe(first.snapshot?.id);
  });

  it('read a file of many pieces as it was sent', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) =>
      row(`M${String(at)}`, { email: `${randomUUID()}@example.jp`, name: '山田 花子', name_kana: 'ヤマダ ハナコ' }),
    );
    const file = [COLUMNS, ...lines, ''].join('\n');
    const fields = { declaredCount: '20000', declaredTotalXem: '200000' };
    expect((await importFile(server, file, { fields })).status).toBe('ready');
    const pieces = await server.database.asSuperuser<{ content: Buffer }>(
      `SELECT content FROM snapshot_file WHERE part = 'rows' AND snapshot_id = (SELECT id FROM snapshot WHERE declared_count = 20000) ORDER BY seq`,
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(gunzipSync(Buffer.concat(pieces.map(({ content }) => content))).toString()).toBe(file);
    const emails = await server.database.asSuperuser<{ email: string }>(
      `SELECT email FROM holder WHERE customer_no ~ '^M' ORDER BY substr(customer_no, 2)::int`,
    );
    expect(emails.map(({ email }) => email)).toEqual(lines.map((line) => line.split(',')[4]));
  });

  it('keep what was said before of whoever is known', async () => {
    const changed = await importFile(server, people('鈴木 花子'), { exclusions: EXCLUSIONS, fields: TOTALS });
    expect(changed).toEqual({ status: 'ready', errors: [] });
    const history = await server.database.asSuperuser(`SELECT before ->> 'name' AS name FROM holder_history`);
    expect(history).toHaveLength(4);
    expect((await kept()).rows[0]).toMatchObject({ name: '鈴木 花子', name_key: '鈴木花子' });
  });

  it.each([
    ['before its end was noted', 'false'],
    ['when one of its connections had committed and the other had not', 'mod(line_no, 2) = 0'],
  ])('begin anew where an earlier try was cut off %s', async (_when, lost) => {
    const before = await kept();
    await server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
            reopened AS (UPDATE snapshot SET status = 'importing' FROM off WHERE id = '${String(before.snapshot?.id)}')
       DELETE FROM frozen_balance USING off WHERE snapshot_id = '${String(before.snapshot?.id)}' AND ${lost}`,
    );
    await server.app.get(SnapshotImport).run(String(before.snapshot?.id));
    expect(await kept()).toEqual(before);
  });

  it('leave nothing of new customers where one is known by a sealed snapshot, twice in the file, or wrongly counted', async () => {
    const holders = () => server.database.asSuperuser('SELECT count(*) FROM holder');
    const before = await holders();
    const others = (last: string) => file(row('Z1'), row('Z2'), last);
    const three = { declaredCount: '3', declaredTotalXem: '30' };
    expect((await importFile(server, others(row('Z1')), { fields: three })).errors).toEqual([
      expect.objectContaining({ line_no: '4', code: 'customer_twice' }),
    ]);
    expect((await importFile(server, others(row('Z3')), { fields: { ...three, declaredCount: '2' } })).errors).toEqual([
      expect.objectContaining({ column_name: 'declaredCount', code: 'control_total_differs' }),
    ]);
    const absurd = { ...three, declaredCount: '9'.repeat(9) };
    expect((await importFile(server, others(row('Z4')), { fields: absurd })).status).toBe('invalid');
    const unmet = { exclusions: 'customer_no,reason\nZ9,test\n', fields: three };
    expect((await importFile(server, others(row('Z5')), unmet)).errors).toEqual([
      expect.objectContaining({ code: 'exclusion_not_in_file' }),
    ]);
    expect(await holders()).toEqual(before);
  });
});
