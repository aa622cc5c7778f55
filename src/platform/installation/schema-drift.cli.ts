import { differenceToModels } from '../database/migration-engine.js';
import { withScratchDatabase } from './scratch-database.js';

/** Part of `npm run check`: the models say the same as the migrations, or what differs, with exit code 1. */
const difference = await withScratchDatabase(differenceToModels);
if (difference !== '') {
  console.error(
    `The models in prisma/models and the migrations differ. To make the database as the models say:\n\n${difference}`,
  );
  console.error('If the models are right: npm run db:migration -- <name>. If the migrations are: correct the models.');
}
// The migration engine leaves a timer behind that would hold the process for ten seconds.
process.exit(difference === '' ? 0 : 1);
