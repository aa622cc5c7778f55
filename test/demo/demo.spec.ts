import { parse } from 'csv-parse/sync';
import { mkdtemp, readFile, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Summary } from '../../src/demo/summary.js';
import { startChild, type Child } from '../harness/child-process.js';

const HOLDERS = '400';
/** Worth more than 100,000,000 JPY, so that keys must sign. */
const TOTAL_XEM = '2804615.384615';
const MICRO = 1_000_000n;
/** 88.549 JPY in thousandths. */
const PRICE = 88_549n;

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'henkin-demo-'));
  // PostgreSQL may run as another account and has to reach its folder.
  await chmod(dataDir, 0o755);
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const summaryFile = () => join(dataDir, 'summary.json');
const demo = (...args: string[]): Child =>
  startChild(
    'dist/demo/main.js',
    ['--holders', HOLDERS, '--total-xem', TOTAL_XEM, '--summary', summaryFile(), ...args],
    { DATA_DIR: dataDir },
  );
const readSummary = async () => JSON.parse(await readFile(summaryFile(), 'utf8')) as Summary;

async function finished(child: Child): Promise<string> {
  const code = await child.ended;
  if (code !== 0) throw new Error(`The demo ended with ${code}:\n${child.output()}`);
  return child.output();
}

/** What the file says must be paid, rounded half up once per customer; nothing of the program is used for it. */
async function owedBy(csv: string): Promise<{ holders: number; totalJpy: bigint; aboveZero: number }> {
  const rows = parse<Record<string, string>>(await readFile(csv), { columns: true });
  const excluded = new Set(
    parse<Record<string, string>>(await readFile(join(csv, '..', 'exclusions.csv')), { columns: true }).map(
      (row) => row.customer_no,
    ),
  );
  const amounts = rows
    .filter((row) => !excluded.has(row.customer_no))
    .map((row) => (BigInt((row.quantity_xem ?? '').replace('.', '')) * PRICE * 2n + MICRO * 1_000n) / (MICRO * 2_000n));
  return {
    holders: amounts.length,
    totalJpy: amounts.reduce((sum, amount) => sum + amount, 0n),
    aboveZero: amounts.filter((amount) => amount > 0n).length,
  };
}

/** In thousand-millionths of a yen, the grain of quantity × price. */
const exact = (jpy: string): bigint => {
  const [whole = '', decimals = ''] = jpy.replace('-', '').split('.');
  const size = BigInt(whole + decimals.padEnd(9, '0'));
  return jpy.startsWith('-') ? -size : size;
};

async function expectWholeJob(summary: Summary): Promise<void> {
  const owed = await owedBy(summary.csv);
  expect(summary).toMatchObject({
    holders: HOLDERS,
    xemTotal: TOTAL_XEM,
    jpyTotal: owed.totalJpy.toString(),
    trialBalanceJpy: '0',
  });
  expect(owed.holders).toBe(Number(HOLDERS));
  expect(exact(summary.jpyTotal) + exact(summary.residueJpy)).toBe(BigInt(TOTAL_XEM.replace('.', '')) * PRICE);
  // Some claims are held, and all others of at least one yen are credited.
  expect(Number(summary.credited)).toBeGreaterThan(owed.aboveZero - 30);
  expect(Number(summary.credited)).toBeLessThan(owed.aboveZero);
  expect(Object.keys(summary.seconds)).toEqual(['import', 'seal', 'open', 'approve', 'credit', 'reconcile']);
  expect(Object.values(summary.seconds).every((took) => took > 0)).toBe(true);
  expect(summary.serverPeakRssMb).toBeGreaterThan(20);
  expect(Object.keys(summary.tokens)).toHaveLength(8);
  expect(summary.databaseUrl).toMatch(/^postgresql:\/\/postgres:/);
}

describe('the demo', () => {
  it('ends in order when it is interrupted, goes on with --keep, and does the whole job once', async () => {
    const interrupted = demo();
    await interrupted.line('Two people seal the balances');
    expect(await interrupted.end('SIGINT')).toBe(130);

    const output = await finished(demo('--keep', '--once', '--show-attack'));
    expect(output).toMatch(
      /The watch noticed it and pulled the kill switch after \d+\.\d s: credit_without_item transfer:/,
    );
    expect(output).toMatch(/The batch stood still after \d+\.\d s: 0 of 20 credited/);
    expect(output).toContain('The frozen balances are uploaded and checked: done before');
    expect(output).toMatch(
      /The customer proves at home.*: Your [\d,.]+ XEM are counted in 2,804,615\.384615\. .*Your [1-9][\d,]* yen credited are counted/,
    );
    expect(output).toMatch(
      /all history up to it verified: Verified: \d+ links.*Everything up to link \d+ is as it was/,
    );
    const summary = await readSummary();
    await expectWholeJob(summary);

    const again = await finished(demo('--keep', '--once'));
    expect(again).toContain('All other approved claims are credited: done before');
    const { holders, jpyTotal, residueJpy, credited, seconds } = await readSummary();
    expect({ holders, jpyTotal, residueJpy, credited, seconds }).toEqual({
      holders: summary.holders,
      jpyTotal: summary.jpyTotal,
      residueJpy: summary.residueJpy,
      credited: summary.credited,
      seconds: summary.seconds,
    });
  }, 240_000);

  it('stays up with addresses and tokens that work, and another demo does not disturb it', async () => {
    const child = demo();
    await child.line('The server stays up');
    const { baseUrl, tokens } = await readSummary();
    const answer = await fetch(`${baseUrl}/v1/claims?limit=1`, {
      headers: { Authorization: `Bearer ${tokens.auditor}` },
    });
    expect(answer.status).toBe(200);

    const other = demo();
    expect(await other.ended).toBe(1);
    expect(other.output()).toContain('Another demo is at work');
    expect((await fetch(`${baseUrl}/health/live`)).status).toBe(200);

    expect(await child.end('SIGINT')).toBe(0);
    await expect(fetch(`${baseUrl}/health/live`)).rejects.toThrow();
    expect(
      await readFile(join(dataDir, 'demo', 'postgres', 'files', 'postmaster.pid'), 'utf8').catch(() => 'gone'),
    ).toBe('gone');
  }, 240_000);

  it.each([
    [['--holders', '0'], '--holders'],
    [['--holders', '1e3'], '--holders'],
    [['--total-xem', '0.0000001'], '--total-xem'],
    [['--total-xem', '0.000001'], 'cannot share'],
    [['--port', '70000'], '--port'],
    [['--seed', ''], '--seed'],
    [['--unknown'], '--unknown'],
  ])('says what is wrong with %p', async (args, said) => {
    const child = startChild('dist/demo/main.js', args, { DATA_DIR: join(dataDir, 'never') });
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain(said);
    await expect(readFile(join(dataDir, 'never', 'demo', 'journal.json'))).rejects.toThrow('ENOENT');
  });
});
