import { Command } from 'commander';
import { withClient } from '../database/roles.js';
import { runProgram } from '../installation/program.js';
import { restoreBackup } from './restore-backup.js';

/** `npm run restore -- FOLDER`: a backup into the empty database of the settings; the reconciliation and the verification follow. */
const [folder = ''] = new Command('npm run restore --')
  .description('Puts a backup into an empty, migrated database, all of it or nothing.')
  .argument('<folder>', 'what npm run backup has written')
  .parse().args;

await runProgram(async ({ superuserUrl }) => {
  const url = superuserUrl ?? process.env.SUPERUSER_DATABASE_URL;
  if (!url)
    throw new Error(
      'SUPERUSER_DATABASE_URL must name a superuser: nobody else may write past the guards. Nothing was done.',
    );
  const { tables, takenAt } = await withClient(url, (client) => restoreBackup(client, folder));
  const rows = tables.reduce((sum, table) => sum + BigInt(table.rows), 0n);
  console.log(`Restored ${rows} rows of ${tables.length} tables as they were at ${takenAt}.`);
});
