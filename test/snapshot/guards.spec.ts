import { createTestApp, type TestApp } from '../harness/app.js';
import { COLUMNS, importFile, row } from './uploads.js';

/** Everything here goes around the application: plain SQL in its role. */
describe('what the database says about snapshots', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
    await importFile(server, `${[COLUMNS, row('C1'), row('C2')].join('\n')}\n`, {
      fields: { declaredCount: '2', declaredTotalXem: '20' },
    });
  });
  afterAll(() => server.close());

  const asApp = (sql: string, values?: unknown[]) => server.database.asApp(sql, values);

  it('[17] rows are written and removed only while their snapshot is imported', async () => {
    await expect(asApp('DELETE FROM frozen_balance')).rejects.toMatchObject({
      constraint: 'frozen_balance_only_while_importing',
    });
    await expect(
      asApp(
        `INSERT INTO frozen_balance (snapshot_id, holder_id, line_no, quantity_xem) SELECT snapshot_id, holder_id + 100, 9, 1 FROM frozen_balance LIMIT 1`,
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(HK001|23503)$/) });
    await expect(asApp('UPDATE frozen_balance SET quantity_xem = 1')).rejects.toMatchObject({ code: '42501' });
    await expect(asApp('TRUNCATE frozen_balance CASCADE')).rejects.toMatchObject({ code: '42501' });
  });

  it('what an import writes belongs to a holder and a snapshot that are there', async () => {
    const [importing] = await server.database.asSuperuser<{ id: string }>(`
      INSERT INTO snapshot SELECT (jsonb_populate_record(s, jsonb_build_object(
        'id', gen_random_uuid(), 'status', 'importing', 'file_sha256', repeat('b', 64)))).* FROM snapshot s RETURNING id`);
    const balance = (snapshotId: string, holderId: string) =>
      asApp(
        `INSERT INTO frozen_balance (snapshot_id, holder_id, line_no, quantity_xem) VALUES ('${snapshotId}', ${holderId}, 9, 1)`,
      );
    const known = `(SELECT min(id) FROM holder)`;
    await expect(balance(importing?.id ?? '', known)).resolves.toEqual([]);
    await expect(balance(importing?.id ?? '', '999')).rejects.toMatchObject({
      constraint: 'frozen_balance_of_a_holder',
    });
    await expect(balance('00000000-0000-0000-0000-000000000000', known)).rejects.toMatchObject({
      constraint: 'frozen_balance_only_while_importing',
    });
    await expect(
      asApp(`INSERT INTO holder_search_key (holder_id, name_key) VALUES (999, 'nobody')`),
    ).rejects.toMatchObject({ constraint: 'holder_search_key_of_a_holder' });
    await expect(asApp('UPDATE holder_search_key SET holder_id = 999')).rejects.toMatchObject({ code: '42501' });
    await expect(asApp('DELETE FROM snapshot_row_error')).rejects.toMatchObject({ code: '42501' });
  });

  it('nothing is sealed without two people, and no state is skipped', async () => {
    await expect(asApp(`UPDATE snapshot SET status = 'sealed'`)).rejects.toMatchObject({
      constraint: 'snapshot_seal_needs_approval',
    });
    await expect(asApp(`UPDATE snapshot SET status = 'invalid'`)).rejects.toMatchObject({
      constraint: 'snapshot_state',
    });
    await expect(asApp(`UPDATE snapshot SET content_hash = repeat('0', 64)`)).rejects.toMatchObject({
      constraint: 'snapshot_content_fixed',
    });
    await expect(asApp('DELETE FROM snapshot')).rejects.toMatchObject({ code: '42501' });
  });

  it('a customer number never changes, and what changes about a person leaves the former values', async () => {
    await expect(asApp(`UPDATE holder SET customer_no = 'C9'`)).rejects.toMatchObject({ code: '42501' });
    await asApp(`UPDATE holder SET phone = '090-0000-0000' WHERE customer_no = 'C1'`);
    const [history] = await server.database.asSuperuser<{ before: { phone: string | null } }>(
      'SELECT before FROM holder_history',
    );
    expect(history?.before.phone).toBeNull();
    await expect(asApp('DELETE FROM holder_history')).rejects.toMatchObject({ code: '42501' });
  });

  it('a customer number is 1 to 32 letters, digits, - and _, whose first is a letter or digit', async () => {
    const insert = (number: string) =>
      asApp(
        `INSERT INTO holder (customer_no, kind, country, language, account_status, identity_status)
         VALUES ($1, 'individual', 'JP', 'ja', 'open', 'none')`,
        [number],
      );
    for (const wrong of ['', '-C', '_C', 'C 1', 'Ｃ１', 'C1\n', '日本', 'é1', 'C'.repeat(33), "C'1"])
      await expect(insert(wrong)).rejects.toMatchObject({ constraint: 'holder_customer_no_check' });
    for (const right of ['0', 'C-_1'.repeat(8)]) await expect(insert(right)).resolves.toEqual([]);
  });

  it('[19] quantities are numbers above zero', async () => {
    for (const quantity of [`'NaN'`, '0', '-1', `'Infinity'`]) {
      await expect(
        asApp(
          `INSERT INTO frozen_balance (snapshot_id, holder_id, line_no, quantity_xem) SELECT snapshot_id, holder_id, 9, ${quantity} FROM frozen_balance LIMIT 1`,
        ),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^(23514|22003|22P02|0A000)$/) });
    }
  });
});
