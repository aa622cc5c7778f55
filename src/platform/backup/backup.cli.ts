import { Command } from 'commander';
import { withClient } from '../database/roles.js';
import { runProgram } from '../installation/program.js';
import { takeBackup } from './take-backup.js';

/** `npm run backup -- FOLDER`: one instant of everything in the database, into a new folder. */
const [folder = ''] = new Command('npm run backup --')
  .description('Copies the whole database, as it is at one instant, into a new folder. Keys and secrets are not in it.')
  .argument('<folder>', 'a folder that is not there yet')
  .parse().args;

await runProgram(async ({ superuserUrl }) => {
  const url = superuserUrl ?? process.env.MIGRATOR_DATABASE_URL;
  if (!url) throw new Error('MIGRATOR_DATABASE_URL must name the role that owns the schema. Nothing was done.');
  const { tables, takenAt } = await withClient(url, (client) => takeBackup(client, folder));
  const rows = tables.reduce((sum, table) => sum + BigInt(table.rows), 0n);
  console.log(`Wrote ${folder}: ${rows} rows of ${tables.length} tables as they were at ${takenAt}.`);
});
