import { execFileSync } from 'node:child_process';
import { mkdtemp, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One PostgreSQL for the whole run, with a migrated template that each test file clones. */
export default async function globalSetup() {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  const { EmbeddedPostgres } = await import('../../dist/platform/database/embedded-postgres.js');
  const { prepareDatabase } = await import('../../dist/platform/database/roles.js');
  const { prepareSchema } = await import('../../dist/platform/installation/installation.js');
  const folder = await mkdtemp(join(tmpdir(), 'henkin-test-'));
  await chmod(folder, 0o755);
  const server = await EmbeddedPostgres.start(folder);
  globalThis.henkinTestServer = { server, folder };
  await prepareDatabase(server.superuserUrl, server.passwords);
  await prepareSchema(server.migratorUrl);
  process.env.HENKIN_TEST_SUPERUSER_URL = server.superuserUrl;
  process.env.HENKIN_TEST_APP_URL = server.appUrl;
  process.env.HENKIN_TEST_MIGRATOR_URL = server.migratorUrl;
}
