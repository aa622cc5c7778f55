import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ItemsRoot, type RootItem } from '../../src/credit-batch/items-root.js';
import { statementText } from '../../src/release/release-statement.js';
import { startChild } from '../harness/child-process.js';

interface Signed {
  readonly statementSha256: string;
  readonly keyFingerprint: string;
  readonly signature: string;
}

const ITEMS: readonly RootItem[] = Array.from({ length: 2_345 }, (_, index) => ({
  seq: String(index + 1),
  claimId: String(index + 10),
  walletAccountId: String(index + 5_000),
  amountJpy: String((index % 97) * 1_000 + 19_000_001),
}));

function batchStatement(other: Record<string, string> = {}, items = ITEMS): string {
  const root = new ItemsRoot();
  for (const item of items) root.add(item);
  return statementText({
    kind: 'credit_batch',
    subjectId: '2',
    ...root.end(),
    contentHash: 'ab'.repeat(32),
    label: 'NEM補償金',
    postingDate: '2018-03-12',
    notBefore: '2018-03-12T03:00:00.000Z',
    approvedUncreditedJpy: '46311127123',
    compensationFundJpy: '0',
    expiresAt: '2099-03-13T03:00:00.000Z',
    nonce: '00'.repeat(16),
    ...other,
  });
}

const csvOf = (items: readonly RootItem[]) =>
  [
    'seq,claim_id,wallet_account_id,amount_jpy',
    ...items.map(({ seq, claimId, walletAccountId, amountJpy }) => [seq, claimId, walletAccountId, amountJpy].join()),
    '',
  ].join('\r\n');

const TOTAL = ITEMS.reduce((sum, { amountJpy }) => sum + BigInt(amountJpy), 0n).toString();

/** The real programs, in processes of their own with nothing in their environment and no terminal. */
describe('signing offline', () => {
  let folder: string;
  let publicKey: Buffer;
  const file = (name: string) => join(folder, name);
  const write = async (name: string, text: string) => {
    await writeFile(file(name), text);
    return file(name);
  };
  const run = async (program: string, args: readonly string[]) => {
    const child = startChild(`dist/${program}`, args);
    return { code: await child.ended, output: child.output() };
  };
  const keygen = (...args: string[]) => run('release/release-keygen.cli.js', args);
  const sign = async (statement: string, ...args: string[]) => {
    const given = ['--key', file('key.pem'), await write('statement.json', statement)];
    return run('credit-batch/release-sign.cli.js', ['--passphrase-file', file('passphrase'), ...args, ...given]);
  };
  const signedIn = (output: string) =>
    JSON.parse(output.split('\n').find((line) => line.startsWith('{"statementSha256"')) ?? 'null') as Signed | null;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'henkin-sign-'));
    await write('passphrase', 'correct horse battery\n');
    const { output } = await keygen('--out', file('key.pem'), '--passphrase-file', file('passphrase'));
    publicKey = Buffer.from((JSON.parse(output) as { publicKey: string }).publicKey, 'base64');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes a key that only its passphrase opens, and never writes over one', async () => {
    const pem = await readFile(file('key.pem'), 'utf8');
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    expect((await stat(file('key.pem'))).mode & 0o777).toBe(0o600);
    const again = await keygen('--out', file('key.pem'), '--passphrase-file', file('passphrase'));
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('is there already') });
    expect(await readFile(file('key.pem'), 'utf8')).toBe(pem);
    await write('short', 'too short\n');
    expect((await keygen('--out', file('other.pem'), '--passphrase-file', file('short'))).output).toContain(
      '12 characters',
    );
    await expect(stat(file('other.pem'))).rejects.toThrow('ENOENT');
  });

  it('shows a batch in words and figures, compares its items, and signs exactly the file', async () => {
    const statement = batchStatement();
    const items = await write('items.csv', csvOf(ITEMS));
    const { code, output } = await sign(statement, '--items', items, '--confirm', TOTAL);
    expect(code).toBe(0);
    for (const said of [
      '2,345 件',
      BigInt(TOTAL).toLocaleString('en'),
      '円 / JPY',
      'billion',
      'NEM補償金',
      '2018-03-12 12:00:00 JST',
      'the items agree',
    ])
      expect(output).toContain(said);
    const signed = signedIn(output);
    const key = createPublicKey({
      key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]),
      format: 'der',
      type: 'spki',
    });
    expect(verify(null, Buffer.from(statement), key, Buffer.from(signed?.signature ?? '', 'base64'))).toBe(true);
    expect(output).not.toContain('correct horse');
  });

  it.each([
    [
      'one yen more for one',
      (items: RootItem[]) => items.map((item, at) => (at === 7 ? { ...item, amountJpy: '2' } : item)),
    ],
    ['one left out', (items: RootItem[]) => items.slice(0, -1)],
    [
      'another wallet, same total',
      (items: RootItem[]) => items.map((item, at) => (at === 1_500 ? { ...item, walletAccountId: '1' } : item)),
    ],
    [
      'an amount that is no number',
      (items: RootItem[]) => items.map((item, at) => (at === 3 ? { ...item, amountJpy: '1e9' } : item)),
    ],
    ['one twice', (items: RootItem[]) => [...items, ...items.slice(-1)]],
  ])('signs nothing when the items have %s', async (_what, change) => {
    const items = await write('changed.csv', csvOf(change([...ITEMS])));
    const { code, output } = await sign(batchStatement(), '--items', items, '--confirm', TOTAL);
    expect(code).toBe(1);
    expect(signedIn(output)).toBeNull();
  });

  it.each([
    ['written with blanks', () => JSON.stringify(JSON.parse(batchStatement()), null, 1)],
    ['saying something twice', () => batchStatement().replace('{', `{"totalJpy":"1",`)],
    ['saying more than it should', () => batchStatement({ note: 'please hurry' })],
    ['with an amount that is no text', () => batchStatement().replace(`"${TOTAL}"`, TOTAL)],
    ['of another kind', () => batchStatement({ kind: 'gift' })],
    ['of another format', () => batchStatement().replace('henkin-release-1', 'henkin-release-2')],
    ['that has expired', () => batchStatement({ expiresAt: '2018-03-13T03:00:00.000Z' })],
    ['that is nothing', () => ''],
  ])('signs no statement %s', async (_what, statement) => {
    const { code, output } = await sign(statement(), '--confirm', TOTAL);
    expect(code).toBe(1);
    expect(output).toContain('Nothing was signed');
    expect(signedIn(output)).toBeNull();
  });

  it('signs nothing without the right answer or the passphrase', async () => {
    const statement = batchStatement();
    expect((await sign(statement, '--confirm', '46311127123')).output).toContain('not what the statement says');
    const unasked = await sign(statement);
    expect(unasked).toMatchObject({ code: 1, output: expect.stringContaining('no terminal') });
    await write('wrong', 'wrong horse battery\n');
    const wrong = await sign(statement, '--confirm', TOTAL, '--passphrase-file', file('wrong'));
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('does not open') });
    expect(signedIn(unasked.output)).toBeNull();
    expect(signedIn(wrong.output)).toBeNull();
  });

  it('says what a weaker rule would be', async () => {
    const statement = statementText({
      kind: 'release_rule',
      subjectId: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a02',
      presentLeastSignatures: '3',
      presentWaitingHours: '24',
      leastSignatures: '2',
      waitingHours: '24',
      expiresAt: '2099-03-13T03:00:00.000Z',
      nonce: '00'.repeat(16),
    });
    expect((await sign(statement, '--confirm', '3')).code).toBe(1);
    const { code, output } = await sign(statement, '--confirm', '2');
    expect(code).toBe(0);
    expect(output).toContain('3 → 2');
    expect(signedIn(output)).not.toBeNull();
  });
});
