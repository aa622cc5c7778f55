import { readFile } from 'node:fs/promises';
import { verifyProof, wordsOf } from './verify-proof.js';

const USAGE = 'npm run proof:verify -- proof.json [published root in hex]';

/** Needs no database and no network; exit code 1 when the proof does not hold. */
const [file, publishedRoot] = process.argv.slice(2);
if (file === undefined) {
  console.error(`Use: ${USAGE}`);
  process.exitCode = 1;
} else {
  try {
    const verdict = await verifyProof(JSON.parse(await readFile(file, 'utf8')), publishedRoot?.toLowerCase() ?? null);
    console.log(`${wordsOf(verdict, 'en')}\n${wordsOf(verdict, 'ja')}`);
    if (verdict.counted && publishedRoot === undefined)
      console.log(
        `Compare this root with the published one (公表されたルートハッシュと比べてください): ${verdict.root}`,
      );
    if (!verdict.counted) process.exitCode = 1;
  } catch (error) {
    console.error(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
