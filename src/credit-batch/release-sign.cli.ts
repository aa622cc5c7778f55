import { createHash, sign } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parse } from 'csv-parse';
import { ask, CannotGoOn, passphraseFrom, runOffline } from '../release/ask.js';
import { fingerprintOf, publicKeyOf } from '../release/ed25519.js';
import { openPrivateKey } from '../release/private-key.js';
import { readStatement } from '../release/release-statement.js';
import { tellRule } from '../release/tell-rule.js';
import type { ToldStatement } from '../release/told-statement.js';
import { batchStatementIn, tellBatch, type BatchStatement } from './batch-statement.js';
import { ItemsRoot } from './items-root.js';

interface Options {
  readonly key: string;
  readonly items?: string;
  readonly confirm?: string;
  readonly passphraseFile?: string;
}

/** `npm run release:sign`: shows a statement, asks whether it is meant, and signs it; with neither network nor database. */
const program = new Command('release:sign')
  .description('Shows what would be released, and signs it with your key. What is printed is handed in as it is.')
  .argument('<statement>', 'statement.json as it was fetched, unchanged')
  .requiredOption('--key <file>', 'your private key, as release:keygen made it')
  .option('--items <file>', 'items.csv of the batch: count, total and root are computed from it and compared')
  .option('--confirm <answer>', 'for machines: what a person would type after reading')
  .option('--passphrase-file <file>', 'its first line is the passphrase; without it you are asked')
  .parse();

await runOffline(async () => {
  const { key, items, confirm, passphraseFile } = program.opts<Options>();
  const text = (await readFile(program.args[0] ?? '', 'utf8')).replace(/\n$/, '');
  const batch = batchStatementIn(text);
  const fields = readStatement(text);
  const told = batch ? tellBatch(batch) : fields && tellRule(fields);
  if (!fields || !told)
    throw new CannotGoOn('This is no statement that this program knows, or it was changed. Nothing was signed.');
  show(told);
  if (fields.expiresAt <= new Date().toISOString())
    throw new CannotGoOn('The statement has expired by the clock of this machine. Nothing was signed.');
  if (items !== undefined) await compareItems(batch, items);
  else if (batch) say('!! 明細は照合していません / the items were not compared: give --items items.csv');
  await assertMeant(told, confirm);
  const privateKey = openPrivateKey(
    await readFile(key, 'utf8'),
    await passphraseFrom(passphraseFile, 'Passphrase / パスフレーズ: '),
  );
  if (!privateKey) throw new CannotGoOn('The key does not open with this passphrase. Nothing was signed.');
  const signed = {
    statementSha256: createHash('sha256').update(text).digest('hex'),
    keyFingerprint: fingerprintOf(publicKeyOf(privateKey)),
    signature: sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
  process.stdout.write(`${JSON.stringify(signed)}\n`);
});

/** Beside what is printed for handing in. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function show({ title, lines }: ToldStatement): void {
  say(`\n${title}\n`);
  for (const [name, value] of lines) say(`  ${name}: ${value}`);
  say('');
}

async function compareItems(statement: BatchStatement | null, file: string): Promise<void> {
  if (!statement) throw new CannotGoOn('This statement is about no items. Nothing was signed.');
  const root = new ItemsRoot();
  for await (const item of createReadStream(file).pipe(parse({ bom: true, from_line: 2 }))) {
    const [seq, claimId, walletAccountId, amountJpy] = item as string[];
    if (![seq, claimId, walletAccountId, amountJpy].every((cell) => cell !== undefined && /^[1-9]\d{0,17}$/.test(cell)))
      throw new CannotGoOn(`After item ${seq}: a line that is no item. Nothing was signed.`);
    root.add({ seq, claimId, walletAccountId, amountJpy } as Parameters<typeof root.add>[0]);
  }
  const { count, totalJpy, itemsRoot } = root.end();
  const differs = Object.entries({ count, totalJpy, itemsRoot }).filter(([name, value]) => statement[name] !== value);
  if (differs.length > 0) {
    const said = differs.map(([name, value]) => `${name} is ${value} and not ${statement[name]}`).join(', ');
    throw new CannotGoOn(`The items are not those of the statement: ${said}. Nothing was signed.`);
  }
  say(`明細と一致しました / the items agree: count, total and root\n`);
}

async function assertMeant({ confirmation: { asked, answer } }: ToldStatement, given: string | undefined) {
  const typed =
    given ?? (await ask(`署名するには入力してください / to sign, type ${asked}: `, { instead: '--confirm' }));
  if (typed.trim().replaceAll(',', '') !== answer)
    throw new CannotGoOn('That is not what the statement says. Nothing was signed.');
}
