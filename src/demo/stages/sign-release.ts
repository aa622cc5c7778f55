import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bar } from '../bar.js';
import { yen } from '../figures.js';
import { releaseFolder, RELEASE_KEYS, signWith, type Signed } from '../release-keys.js';
import type { Demo, Stage } from './stage.js';

/** As `/v1/credit-batches/:id/release` answers it, as far as it is used here. */
interface Release {
  readonly sha256: string;
  readonly missingSignatures: number;
  readonly signatures: readonly { readonly keyFingerprint: string }[];
}

export const signRelease: Stage = {
  name: 'sign',
  title: 'Its release is signed offline by two keys',
  async run(demo, bar) {
    const batchId = demo.journal.idIfMade('the main batch');
    if (batchId === null) return bar.note('Nothing is left to credit');
    await signed(demo, bar, batchId);
  },
};

/** Has all keys sign the release of a batch, with its items before them; nothing if the batch waits for no signatures. */
export async function signed(demo: Demo, bar: Bar, batchId: string): Promise<void> {
  const path = `/v1/credit-batches/${batchId}`;
  const maker = demo.people.as('maker');
  const { obstacle } = await maker.read<{ obstacle: string | null }>(path);
  if (obstacle !== 'waiting_for_signatures')
    return bar.note('Signed already, or not above 100,000,000 JPY a day: no signatures are waited for');
  bar.expect(2 * RELEASE_KEYS.length + 1, 'steps');
  const { sha256 } = await maker.read<Release>(`${path}/release`);
  const [statementFile, itemsFile] = ['statement.json', 'items.csv'].map((name) =>
    join(releaseFolder(demo.folder), `batch-${batchId}-${name}`),
  ) as [string, string];
  const statement = await maker.readText(`${path}/release/statement.json`);
  if (createHash('sha256').update(statement).digest('hex') !== sha256)
    throw new Error('The statement is not the one that waits for signatures.');
  await writeFile(statementFile, statement);
  await writeFile(itemsFile, await maker.readText(`${path}/items.csv`));
  bar.step();
  const { totalJpy, count } = JSON.parse(statement) as { totalJpy: string; count: string };
  for (const name of RELEASE_KEYS) {
    const signature: Signed = await signWith(demo.folder, name, { statementFile, itemsFile, confirm: totalJpy });
    bar.step();
    await maker.change<Release>(`${name} signs ${sha256}`, `${path}/release/signatures`, () => signature);
    bar.step();
  }
  bar.note(
    `${count} items, together ${yen(totalJpy)}: root, count and total recomputed by each signer from ${itemsFile}`,
  );
}
