// Generates the Prisma client. The client runs without a native engine; naming any executable as the schema
// engine keeps the command-line tool from downloading one, so that installing needs the npm registry only.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const prismaCli = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
const { status, stdout, stderr } = spawnSync(process.execPath, [prismaCli, 'generate', '--no-hints'], {
  encoding: 'utf8',
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
});
// What it says matters only when it failed.
if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
process.exit(status ?? 1);
