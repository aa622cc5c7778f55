import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { validateOrReject } from 'class-validator';
import { Audit } from '../audit/audit.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { runProgram } from '../platform/installation/program.js';
import { CreateStaffDto, type CreatedStaffView } from './staff.dto.js';
import { StaffRepository } from './staff.repository.js';
import { StaffService } from './staff.service.js';

/** `npm run staff:create`: whoever may run this on the machine of an installation decides who its first two administrators are. */
const { login, name } = new Command('staff:create')
  .description('Makes an administrator; refused when there are two. The password is not chosen here.')
  .requiredOption('--login <login>', 'what the administrator will sign in with')
  .requiredOption('--name <name>', 'the name that others see')
  .parse()
  .opts<{ login: string; name: string }>();

await runProgram(async ({ config }) => {
  const person = Object.assign(new CreateStaffDto(), { login, displayName: name, role: 'administrator' });
  await validateOrReject(person).catch(() => {
    throw new Error(
      'The login must be 3 to 64 letters, digits, dots, hyphens or underscores, and the name 1 to 100 characters. Nothing was done.',
    );
  });
  const account = await createFirstAdministrator(config, person);
  console.log(`Administrator ${account.login} is made. Choose the password until ${account.activationExpiresAt} with

  POST /v1/auth/activate
  {"activationToken":"${account.activationToken}","password":"…"}

The token works once and is shown only here.`);
});

async function createFirstAdministrator(config: Config, person: CreateStaffDto): Promise<CreatedStaffView> {
  const database = new Database(config);
  try {
    const staff = new StaffService(database, new StaffRepository(), new Audit(database));
    return await staff.createFirstAdministrator(
      { actor: { id: 'operator', role: 'operator' }, requestId: `cli:${randomUUID()}` },
      person,
    );
  } finally {
    await database.onApplicationShutdown();
  }
}
