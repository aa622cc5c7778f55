import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { openApiDocument } from './openapi-document.js';
import { Config, Settings } from './platform/config/config.js';
import { projectRoot } from './platform/database/project-root.js';
import { createAdapter } from './platform/http/http-server.js';

/** `npm run openapi` writes openapi.json; with --check it only says whether the file is as the routes are. No database is needed. */
const FILE = join(projectRoot, 'openapi.json');
const connections = {
  databaseUrl: 'postgresql://nobody@127.0.0.1:1/none',
  tokenSecret: 'not used, only routes are described',
};
const config = new Config({ ...new Settings(), logLevel: 'silent', publicDocs: false }, connections);
const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), createAdapter(config), {
  preview: true,
  abortOnError: false,
  logger: false,
});
const text = `${JSON.stringify(sorted(openApiDocument(app)), null, 2)}\n`;
if (process.argv.includes('--check')) {
  if ((await readFile(FILE, 'utf8').catch(() => '')) !== text) {
    console.error('openapi.json is not as the routes are. Run npm run openapi and commit the file.');
    process.exit(1);
  }
} else await writeFile(FILE, text);
process.exit(0);

/** Keys in one order, so that the file changes only when a route does. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
