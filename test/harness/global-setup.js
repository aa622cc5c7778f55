import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import globalTeardown from './global-teardown.js';

/** One PostgreSQL for the whole run, with a migrated database that each test file clones. */
export default async function globalSetup() {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  const { EmbeddedPostgres } = await import('../../dist/platform/database/embedded-postgres.js');
  const { prepareDatabase } = await import('../../dist/platform/database/roles.js');
  const folder = await mkdtemp(join(tmpdir(), 'henkin-test-'));
  globalThis.henkinTest = { folder, server: null };
  // Jest forgets its teardown when it is interrupted.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void globalTeardown().finally(() => process.exit(1)));
  }
  try {
    // PostgreSQL runs as another account when the tests run as root.
    await chmod(folder, 0o711);
    const server = await EmbeddedPostgres.start(folder);
    globalThis.henkinTest.server = server;
    await forgetAtPowerCut(server);
    await prepareDatabase(server.superuserUrl, server.passwords);
    migrate(server.migratorUrl);
    process.env.HENKIN_TEST_POSTGRES_LOG = join(folder, 'postgres', 'files', 'server.log');
    process.env.HENKIN_TEST_SUPERUSER_URL = server.superuserUrl;
    process.env.HENKIN_TEST_APP_URL = server.appUrl;
    process.env.HENKIN_TEST_MIGRATOR_URL = server.migratorUrl;
    process.env.HENKIN_TEST_WATCH_URL = server.watchUrl;
  } catch (error) {
    await globalTeardown();
    throw error;
  }
}

/**
 * The run's databases need not survive the machine, and most statements of a test have a connection of their own: nothing is forced
 * to the disk, and a password costs one round. What has to survive is tested on servers that keep the usual settings.
 */
async function forgetAtPowerCut({ superuserUrl }) {
  const { withClient } = await import('../../dist/platform/database/roles.js');
  const maintenance = Object.assign(new URL(superuserUrl), { pathname: '/postgres' });
  await withClient(maintenance.href, async (client) => {
    for (const setting of ['fsync = off', 'full_page_writes = off', 'scram_iterations = 1'])
      await client.query(`ALTER SYSTEM SET ${setting}`);
    await client.query('SELECT pg_reload_conf()');
    await client.query('SET scram_iterations = 1');
    await client.query(`ALTER ROLE postgres PASSWORD ${client.escapeLiteral(maintenance.password)}`);
  });
}

/** In a process of its own, as an operator would; the engine's WebAssembly does not live well with Jest's globals. */
function migrate(migratorUrl) {
  execFileSync(process.execPath, ['dist/platform/installation/migrate.cli.js'], {
    env: { ...process.env, MIGRATOR_DATABASE_URL: migratorUrl, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
