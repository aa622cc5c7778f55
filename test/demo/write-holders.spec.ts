import { parse } from 'csv-parse/sync';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holderRows, type HolderPlan } from '../../src/demo/holders/holder-rows.js';
import { formatXem, parseXem } from '../../src/demo/holders/micro-xem.js';
import {
  EXCLUSION_COLUMNS,
  HOLDER_COLUMNS,
  writeHolders,
  type ControlTotals,
} from '../../src/demo/holders/write-holders.js';

type Cells = Record<string, string>;
const PLAN: HolderPlan = { seed: 'a seed', holders: 5_000, total: 10_057_692_307_692n };
const PERSONAL = ['name', 'name_kana', 'phone', 'birth_date'] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'henkin-holders-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(plan: HolderPlan): Promise<{ totals: ControlTotals; holders: string; exclusions: string }> {
  const [holdersFile, exclusionsFile] = [join(folder, 'holders.csv'), join(folder, 'exclusions.csv')];
  const totals = await writeHolders(plan, { holdersFile, exclusionsFile });
  return { totals, holders: await readFile(holdersFile, 'utf8'), exclusions: await readFile(exclusionsFile, 'utf8') };
}

const rowsOf = (csv: string) => parse<Cells>(csv, { columns: true });
const micro = (text: string | undefined) => parseXem(text ?? '') ?? fail(text);
const fail = (text: string | undefined): never => {
  throw new Error(`${text} is no quantity`);
};
const sum = (rows: readonly Cells[]) => rows.reduce((total, row) => total + micro(row.quantity_xem), 0n);

describe('the export that the demo writes', () => {
  let totals: ControlTotals;
  let rows: Cells[];
  let exclusions: Cells[];
  let payable: Cells[];
  beforeAll(async () => {
    const written = await write(PLAN);
    totals = written.totals;
    [rows, exclusions] = [rowsOf(written.holders), rowsOf(written.exclusions)];
    const excluded = new Set(exclusions.map((row) => row.customer_no));
    payable = rows.filter((row) => !excluded.has(row.customer_no));
  });

  it('has the columns of the import', () => {
    expect(Object.keys(rows[0] ?? {})).toEqual([...HOLDER_COLUMNS]);
    expect(Object.keys(exclusions[0] ?? {})).toEqual([...EXCLUSION_COLUMNS]);
  });

  it('reads back as the rows that were drawn', () => {
    const drawn = [...holderRows(PLAN)].map((row) => [
      row.customerNo,
      row.person.name,
      row.person.email,
      row.person.phone,
      formatXem(row.quantity),
    ]);
    expect(rows.map((row) => [row.customer_no, row.name, row.email, row.phone, row.quantity_xem])).toEqual(drawn);
  });

  it('declares what the file holds: whole, excluded, payable', () => {
    expect(payable).toHaveLength(PLAN.holders);
    expect(sum(payable)).toBe(PLAN.total);
    expect(totals.payable).toEqual({ count: PLAN.holders, total: PLAN.total });
    expect(totals.whole).toEqual({ count: rows.length, total: sum(rows) });
    expect(totals.excluded).toEqual({ count: exclusions.length, total: sum(rows) - PLAN.total });
  });

  it('excludes balances of each kind, and only those may be zero or negative', () => {
    const quantityOf = new Map(rows.map((row) => [row.customer_no, micro(row.quantity_xem)]));
    const fits = {
      company_owned: (q: bigint) => q > 0n,
      test: (q: bigint) => q > 0n,
      zero: (q: bigint) => q === 0n,
      negative: (q: bigint) => q < 0n,
    };
    for (const [reason, fitting] of Object.entries(fits)) {
      const quantities = exclusions
        .filter((row) => row.reason === reason)
        .map((row) => quantityOf.get(row.customer_no) ?? fail(row.customer_no));
      expect(quantities.length).toBeGreaterThan(0);
      expect(quantities.every(fitting)).toBe(true);
    }
    expect(payable.every((row) => micro(row.quantity_xem) > 0n)).toBe(true);
  });

  it('splits each balance into parts that sum to it', () => {
    const parts = ['available_xem', 'in_order_xem', 'lent_xem', 'in_transit_xem'];
    expect(
      rows.every((row) => parts.reduce((all, part) => all + micro(row[part]), 0n) === micro(row.quantity_xem)),
    ).toBe(true);
    for (const part of parts) expect(rows.some((row) => micro(row[part]) > 0n)).toBe(true);
  });

  it('names everybody once, by a number that does not tell the line', () => {
    const numbers = rows.map((row) => row.customer_no ?? '');
    expect(numbers.every((number) => /^C\d{8}$/.test(number))).toBe(true);
    expect(new Set(numbers).size).toBe(rows.length);
    expect(new Set(rows.map((row) => row.email)).size).toBe(rows.length);
    expect(numbers.filter((number, line) => Number(number.slice(1)) === line + 1).length).toBeLessThan(5);
  });

  it('makes people up whole, and leaves fields blank only where nobody has checked them', () => {
    const matches = {
      name: /^[^\s,"]+( [^\s,"]+)?$/,
      name_kana: /^[ァ-ヶー]+( [ァ-ヶー]+)?$/,
      phone: /^0[789]0-\d{4}-\d{4}$/,
      birth_date: /^(19|20)\d\d-\d\d-\d\d$/,
    };
    for (const column of PERSONAL) {
      const blank = rows.filter((row) => row[column] === '');
      expect(blank.length).toBeGreaterThan(0);
      expect(blank.every((row) => row.identity_status !== 'verified')).toBe(true);
      expect(rows.every((row) => row[column] === '' || matches[column].test(row[column] ?? ''))).toBe(true);
    }
    expect(rows.every((row) => /^[a-z.-]+\d+@example\.jp$/.test(row.email ?? ''))).toBe(true);
  });

  it('has every kind, state and language, each in a plausible share', () => {
    const share = (column: string, value: string) => rows.filter((row) => row[column] === value).length / rows.length;
    expect(share('kind', 'corporate')).toBeGreaterThan(0.005);
    expect(share('kind', 'corporate')).toBeLessThan(0.03);
    expect(share('country', 'JP')).toBeGreaterThan(0.9);
    expect(share('identity_status', 'verified')).toBeGreaterThan(0.85);
    expect(share('account_status', 'open')).toBeGreaterThan(0.95);
    for (const status of ['restricted', 'closed', 'deceased'])
      expect(share('account_status', status)).toBeGreaterThan(0);
    for (const status of ['none', 'submitted', 'returned']) expect(share('identity_status', status)).toBeGreaterThan(0);
    expect(share('language', 'en')).toBeGreaterThan(0);
  });
});

describe('a seed', () => {
  it('fixes the file to the byte, and another one makes another', async () => {
    const plan = { ...PLAN, holders: 300 };
    const first = await write(plan);
    const [again, other] = [await write(plan), await write({ ...plan, seed: 'another seed' })];
    expect([again.holders, again.exclusions]).toEqual([first.holders, first.exclusions]);
    expect(other.holders).not.toBe(first.holders);
    expect(other.totals.payable).toEqual(first.totals.payable);
  });

  it.each([1, 2, 1_000])('works for %i holders', async (holders) => {
    const { totals } = await write({ seed: '1', holders, total: BigInt(holders) });
    expect(totals.payable).toEqual({ count: holders, total: BigInt(holders) });
  });
});
