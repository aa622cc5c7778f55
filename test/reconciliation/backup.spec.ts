import { appendFile, cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../harness/child-process.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { TEST_TOKEN_SECRET } from '../harness/server-process.js';
import { createAuditedProgramme } from './audited-programme.js';

const TABLE = 'public.ledger_transfer.copy.gz';

describe('backup and restore', () => {
  let original: TestDatabase;
  let folder: string;
  let backup: string;
  beforeAll(async () => {
    const programme = await createAuditedProgramme({ holders: 20 });
    original = programme.server.database;
    ({ folder } = programme);
    backup = join(folder, 'backup');
    // The server goes on working meanwhile.
    expect(await run('platform/backup/backup', [backup], original)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Wrote .* rows of \d+ tables as they were at /),
    });
    await programme.server.app.close();
  });
  afterAll(async () => {
    await original.drop();
    await rm(folder, { recursive: true });
  });

  const run = async (program: string, args: readonly string[], database: TestDatabase) => {
    const child = startChild(`dist/${program}.cli.js`, args, {
      DATABASE_URL: database.appUrl,
      MIGRATOR_DATABASE_URL: database.migratorUrl,
      SUPERUSER_DATABASE_URL: database.superuserUrl,
      TOKEN_SECRET: TEST_TOKEN_SECRET,
    });
    return { code: await child.ended, output: child.output() };
  };
  const onEmptyDatabase = async (work: (database: TestDatabase) => Promise<void>) => {
    const database = await createTestDatabase();
    try {
      await work(database);
    } finally {
      await database.drop();
    }
  };
  const contents = async ({ asSuperuser }: TestDatabase, table: string) =>
    (await asSuperuser<{ line: string }>(`SELECT t::text AS line FROM ${table} AS t ORDER BY 1`)).map(
      ({ line }) => line,
    );

  it('bring back the same rows, numbered on, which reconcile and verify', async () => {
    await onEmptyDatabase(async (copy) => {
      expect(await run('platform/backup/restore', [backup], copy)).toMatchObject({ code: 0 });
      for (const table of [
        'holder',
        'claim',
        'claim_decision',
        'ledger_transfer',
        'ledger_account',
        'audit_rows',
        'proof_chunk',
        'staff',
      ])
        expect(await contents(copy, table)).toEqual(await contents(original, table));
      expect(await run('reconciliation/reconcile', [], copy)).toMatchObject({ code: 0 });
      expect(await run('reconciliation/audited/verify-audit', [], copy)).toMatchObject({ code: 0 });
      await copy.asApp(
        `INSERT INTO audit_event (actor_id, actor_role, action, subject_type, subject_id, request_id) VALUES ('system', 'system', 'thing.made', 'thing', '1', 'r')`,
      );
      expect(await run('reconciliation/audited/verify-audit', ['--database-url', copy.appUrl], original)).toMatchObject(
        {
          code: 0,
          output: expect.stringContaining('Verified: '),
        },
      );
      expect(await run('platform/backup/restore', [backup], copy)).toMatchObject({
        code: 1,
        output: expect.stringContaining('This database is not empty'),
      });
    });
  });

  it('keep personal data to the owner of the folder, and never write over one that is there', async () => {
    expect((await stat(backup)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(backup)) expect((await stat(join(backup, file))).mode & 0o777).toBe(0o600);
    expect(await run('platform/backup/backup', [backup], original)).toMatchObject({
      code: 1,
      output: expect.stringContaining('is there already'),
    });
  });

  it.each<[string, (damaged: string) => Promise<void>, string]>([
    [
      'cut off',
      async (damaged) => truncate(join(damaged, TABLE), (await stat(join(damaged, TABLE))).size - 9),
      `${TABLE} is damaged`,
    ],
    ['continued', (damaged) => appendFile(join(damaged, TABLE), 'x'), `${TABLE} is damaged`],
    ['changed in one bit', (damaged) => flipBit(join(damaged, TABLE)), `${TABLE} is damaged`],
    ['missing', (damaged) => rm(join(damaged, TABLE)), `${TABLE} is damaged or missing`],
    [
      'of another table',
      (damaged) => cp(join(damaged, 'public.claim.copy.gz'), join(damaged, TABLE)),
      `${TABLE} is damaged`,
    ],
    [
      'left out of the manifest',
      (damaged) => editManifest(damaged, (text) => text.replace('public.claim"', 'public.clame"')),
      'manifest.json is damaged',
    ],
    ['unfinished', (damaged) => rm(join(damaged, 'manifest.json.sha256')), 'is not a finished backup'],
  ])('refuse a backup with a file that is %s, and restore nothing', async (_what, damage, said) => {
    const damaged = join(folder, 'damaged');
    await cp(backup, damaged, { recursive: true });
    await damage(damaged);
    await onEmptyDatabase(async (database) => {
      const { code, output } = await run('platform/backup/restore', [damaged], database);
      expect([code, output]).toEqual([1, expect.stringContaining(said)]);
      expect(await contents(database, 'staff')).toEqual([]);
    });
    await rm(damaged, { recursive: true });
  });

  it('refuse a database of another schema', async () => {
    await onEmptyDatabase(async (database) => {
      await database.asSuperuser('ALTER TABLE holder ADD COLUMN nickname text');
      const { code, output } = await run('platform/backup/restore', [backup], database);
      expect([code, output]).toEqual([1, expect.stringContaining('another schema')]);
    });
  });
});

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

async function editManifest(folder: string, edit: (text: string) => string): Promise<void> {
  const file = join(folder, 'manifest.json');
  await writeFile(file, edit(await readFile(file, 'utf8')));
}
