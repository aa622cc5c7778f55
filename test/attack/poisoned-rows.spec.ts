import fc from 'fast-check';
import iconv from 'iconv-lite';
import { createTestApp, type TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';
import { COLUMNS, importFile, row, upload } from '../snapshot/uploads.js';

const ROWS = 2_500;
/** A failure prints this, and ATTACK_SEED repeats it. */
const SEED = Number(process.env.ATTACK_SEED ?? Date.now() % 1_000_000_000);
const FORMULAS = ['=1+1', '=HYPERLINK("http://x")', '+1', '-1+1', '@SUM(A1)', '\tx'];
const NUMBERS = [
  '',
  ' ',
  '1.1234567',
  '1'.repeat(15),
  '1'.repeat(30),
  'NaN',
  'Infinity',
  '1e6',
  '1e400',
  '0x10',
  '1,000',
  '1 0',
  ' 1',
  '1 ',
  '+5',
  '.5',
  '5.',
  '01',
  '１２',
  '٣',
  '½',
  '1\u00a0',
  '¥100',
  '-',
  '--1',
  '0',
  '0.000000',
  '-1',
  '-0.000001',
];

/** Values that no row may have in a column, whatever stands in the others. */
const POISON: Readonly<Record<string, readonly string[]>> = {
  customer_no: [
    '',
    ' ',
    'C 1',
    'Ｃ１',
    '日本',
    '-C1',
    '_C1',
    'C'.repeat(33),
    "C1'; DROP TABLE holder; --",
    'C1\n',
    ...FORMULAS,
  ],
  kind: ['', 'person', 'INDIVIDUAL', ' individual', 'individual ', '個人', 'individual\u0000', ...FORMULAS],
  name: ['佐\u0000藤', 'あ'.repeat(201)],
  name_kana: ['サ\u0000', 'ア'.repeat(201)],
  email: [
    'x',
    '@',
    'a@',
    '@b.jp',
    'a b@example.jp',
    'a@b@c',
    'a@example.jp\n',
    `${'a'.repeat(65)}@example.jp`,
    ...FORMULAS.slice(0, 4),
  ],
  phone: ['abc', '１２３４５６７', '12', '090-1234-5678x', '＋81', '0'.repeat(26), '=1+1', '@SUM(A1)'],
  birth_date: [
    '1980-02-30',
    '1980/01/31',
    '31.01.1980',
    '1980-1-1',
    '9999-99-99',
    '0000-00-00',
    '1867-12-31',
    '昭和55年',
    '１９８０-01-01',
    '1980-01-01T00:00:00Z',
  ],
  country: ['', 'J', 'JPN', 'jp', 'ＪＰ', '日本', '==', '日'],
  language: ['', 'fr', 'JA', 'ja-JP', '日本語'],
  account_status: ['', 'frozen', 'OPEN', 'opened', '凍結'],
  identity_status: ['', 'yes', 'Verified', 'true', '済'],
  available_xem: ['1', 'x'],
  quantity_xem: NUMBERS,
};
/** Bytes that are no character there, whatever follows. */
const BYTES = [
  ['c328', 'utf-8'],
  ['ff', 'utf-8'],
  ['eda080', 'utf-8'],
  ['ff', 'windows-31j'],
  ['fd', 'windows-31j'],
  ['8130', 'windows-31j'],
] as const;

interface Poisoned {
  readonly column: string;
  readonly value: string;
}

const poisoned: fc.Arbitrary<Poisoned> = fc
  .constantFrom(...Object.keys(POISON))
  .chain((column) => fc.record({ column: fc.constant(column), value: fc.constantFrom(...(POISON[column] ?? [])) }));

describe(`rows made to do harm (ATTACK_SEED=${SEED})`, () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  it.each(['utf-8', 'windows-31j'] as const)(
    `[28] ${ROWS} of them in %s: each is named by its line, nothing of them stays, and no exported cell is a formula`,
    async (charset) => {
      const encoding = charset === 'utf-8' ? 'utf-8' : 'cp932';
      const cells = fc.sample(
        // What the charset cannot say would be written as a question mark, and be another attack.
        poisoned.filter(({ value }) => iconv.decode(iconv.encode(value, encoding), encoding) === value),
        { numRuns: ROWS, seed: SEED },
      );
      const file = Buffer.concat([
        iconv.encode(`${COLUMNS}\n`, encoding),
        ...cells.map(({ column, value }, nth) => line(nth, column, value, encoding)),
      ]);
      const { status, errors } = await importFile(server, file, {
        fields: { charset, declaredCount: String(ROWS), declaredTotalXem: String(10 * ROWS) },
      });

      expect(status).toBe('invalid');
      const named = new Set(errors.map((error) => error.line_no));
      const missed = lines(cells).filter(({ lineNo }) => !named.has(lineNo));
      expect(missed).toEqual([]);
      expect(await server.database.asSuperuser('SELECT FROM holder')).toEqual([]);
      expect(await server.database.asSuperuser('SELECT FROM frozen_balance')).toEqual([]);
      expect(await formulasIn(server, charset)).toEqual([]);
    },
    240_000,
  );

  it.each(BYTES)('[28] %s that are no character in %s are refused by their line', async (hex, charset) => {
    const file = Buffer.concat([
      Buffer.from(`${COLUMNS}\n${row('B1')}\n${row('B2', { name: 'x' })}`),
      Buffer.from(hex, 'hex'),
      Buffer.from(`\n${row('B3')}\n`),
    ]);
    const answer = await upload(server, file, { fields: { charset } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'charset_unreadable', detail: expect.stringContaining('line 3') },
    });
  });
});

function line(nth: number, column: string, value: string, encoding: string): Buffer {
  const quoted = /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return iconv.encode(`${row(`P${nth}`, { [column]: quoted })}\n`, encoding);
}

/** Where each row begins in the file: a quoted line break makes the next one begin a line later. */
function lines(cells: readonly Poisoned[]): (Poisoned & { lineNo: string })[] {
  let lineNo = 2;
  return cells.map((cell) => {
    const at = { ...cell, lineNo: String(lineNo) };
    lineNo += 1 + (cell.value.split('\n').length - 1);
    return at;
  });
}

/** Cells of the errors as finance opens them that a spreadsheet would take for a formula. */
async function formulasIn(server: TestApp, charset: string): Promise<string[]> {
  const [snapshot] = await server.database.asSuperuser<{ id: string }>('SELECT id FROM snapshot WHERE charset = $1', [
    charset,
  ]);
  const { token } = await staffToken(server, 'finance_maker');
  const { status, body } = await server.call<string>('GET', `/v1/snapshots/${snapshot?.id}/errors.csv`, { token });
  expect(status).toBe(200);
  return body.match(/(?<=^|,|,")[=+\-@\t][^,]*/gm) ?? [];
}
