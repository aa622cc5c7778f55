import type { TestApp } from '../harness/app.js';
import { registeredKeys } from '../harness/release-keys.js';
import { createStaff, stepUp } from '../harness/staff.js';
import type { People } from './job.js';
import { Person } from './job-client.js';

/** The people of the main job, signed in at one server and heard by every server of the same installation. */
export async function hirePeople(server: TestApp, baseUrl: () => string): Promise<People> {
  const hire = async (role: 'finance_maker' | 'finance_checker' | 'claims_officer') => {
    const person = await createStaff(server, role);
    return new Person(baseUrl, person.token, () => stepUp(server, person));
  };
  return {
    maker: await hire('finance_maker'),
    checkers: [await hire('finance_checker'), await hire('finance_checker')],
    officer: await hire('claims_officer'),
    officers: [await hire('claims_officer'), await hire('claims_officer')],
    releaseKeys: await registeredKeys(server.database, 2),
  };
}
