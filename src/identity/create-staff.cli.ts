import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { Audit } from '../audit/audit.js';
import { readSettings } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { openInstallation } from '../platform/installation/installation.js';
import { SessionRepository } from './session.repository.js';
import { LOGIN } from './staff.dto.js';
import { StaffRepository } from './staff.repository.js';
import { StaffService } from './staff.service.js';

/** Makes the first administrator of an installation: whoever may run this on its machine decides who that is. */
async function createFirstAdministrator(login: string, displayName: string): Promise<void> {
  if (!LOGIN.test(login)) throw new Error('The login must be 3 to 64 letters, digits, dots, hyphens or underscores, beginning and ending with a letter or digit.');
  if (!/^(?=.*\S)\P{Cc}{1,100}$/u.test(displayName)) throw new Error('The name must be 1 to 100 characters.');
  const installation = await openInstallation(readSettings(process.env));
  const database = new Database(installation.config);
  try {
    const staff = new StaffService(database, new StaffRepository(), new SessionRepository(), new Audit(database));
    const operator = { actor: { id: 'operator', role: 'operator' }, requestId: `cli:${randomUUID()}` };
    const account = await staff.createFirstAdministrator(operator, { login, displayName });
    process.stdout.write(`Administrator ${account.login} is made. Choose the password before ${account.activationExpiresAt}:

  POST /v1/auth/activate
  {"activationToken":"${account.activationToken}","password":"…"}

The token works once and is shown only here.
`);
  } finally {
    await database.onApplicationShutdown();
    await installation.close();
  }
}

const program = new Command('staff:create')
  .description('Makes the first administrator; refused when there is one. No password is chosen here.')
  .requiredOption('--login <login>', 'what the administrator will sign in with')
  .requiredOption('--name <name>', 'the name that others see')
  .action(({ login, name }: { login: string; name: string }) => createFirstAdministrator(login, name));

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
