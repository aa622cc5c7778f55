import { Command } from 'commander';
import { Database } from '../../platform/database/database.js';
import { runProgram } from '../../platform/installation/program.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Audit } from '../audit.js';
import { HeadSigner } from './head-signer.js';

/** `npm run audit:rotate-key`: a new key signs from now on; the present one vouches for it, unless it is lost. */
const { lost } = new Command('npm run audit:rotate-key --')
  .description('Replaces the key that signs the heads of the audit chain.')
  .option('--lost', 'the present key is lost: every verification will say that nobody vouched for the new one', false)
  .parse()
  .opts<{ lost: boolean }>();

await runProgram(async ({ config }) => {
  const database = new Database(config);
  try {
    const signer = new HeadSigner(config, database, new Jobs(config), new Audit(database));
    const operator = { actor: { id: 'operator', role: 'operator' }, requestId: 'audit-rotate-key' };
    const keyId = await signer.rotate(operator, { lost });
    const { seq } = await signer.sign();
    console.log(
      `Key ${keyId} signs from now on; it has signed link ${seq}. It is in ${config.auditSigningKeyFile}: keep a copy elsewhere.`,
    );
  } finally {
    await database.onApplicationShutdown();
  }
});
