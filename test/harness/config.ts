import { Config, Settings } from '../../src/platform/config/config.js';
import type { TestDatabase } from './database.js';

/** The defaults on a test's own database, silent, with what the test wants otherwise. */
export function testConfig(database: TestDatabase, settings: Partial<Settings> = {}): Config {
  const tokenSecret = settings.tokenSecret ?? 'a secret that only tests know, 123456';
  return new Config(
    { ...new Settings(), logLevel: 'silent', ...settings },
    { databaseUrl: database.appUrl, tokenSecret },
  );
}
