import { rename, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { Database } from '../../platform/database/database.js';
import { runProgram } from '../../platform/installation/program.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Audit } from '../audit.js';
import { HeadSigner } from './head-signer.js';

/** `npm run audit:anchor -- --file F`: writes the signed head of the chain, to be kept where nobody who runs this can change it. */
const { file } = new Command('npm run audit:anchor --')
  .description('Writes the signed head of the audit chain into a file, for npm run audit:verify -- --anchor FILE.')
  .requiredOption('--file <file>', 'where to write it')
  .parse()
  .opts<{ file: string }>();

await runProgram(async ({ config }) => {
  const database = new Database(config);
  try {
    const anchor = await new HeadSigner(config, database, new Jobs(config), new Audit(database)).sign();
    await writeFile(`${file}.${process.pid}`, `${JSON.stringify(anchor, null, 2)}\n`);
    await rename(`${file}.${process.pid}`, file);
    console.log(`Wrote ${file}: link ${anchor.seq}, signed at ${anchor.signedAt} by key ${anchor.keyId}.`);
  } finally {
    await database.onApplicationShutdown();
  }
});
