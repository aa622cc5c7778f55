import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { differenceToModels } from '../database/migration-engine.js';
import { MIGRATIONS_FOLDER } from '../database/migration-files.js';
import { withScratchDatabase } from './scratch-database.js';

/** `npm run db:migration -- <name>`: writes what turns the present migrations into the models as the next migration. */
const [name] = process.argv.slice(2);
if (!name || !/^[a-z][a-z0-9_]{2,60}$/.test(name)) {
  console.error(
    'Give the migration a name of small letters, digits and underscores: npm run db:migration -- holder_language',
  );
  process.exit(1);
}
const difference = await withScratchDatabase(differenceToModels);
if (difference === '') {
  console.log('The models and the migrations agree; there is nothing to write.');
} else {
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const folder = join(MIGRATIONS_FOLDER, `${stamp}_${name}`);
  await mkdir(folder);
  await writeFile(join(folder, 'migration.sql'), `-- ${name.replaceAll('_', ' ')}\n\n${difference}`);
  console.log(
    `Wrote ${join(folder, 'migration.sql')}. Say in its first line why, and add what models cannot express: checks, guards, grants.`,
  );
}
// The migration engine leaves a timer behind that would hold the process for ten seconds.
process.exit(0);
