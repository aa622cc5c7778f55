import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff } from '../harness/staff.js';

const TRIES = 200;
/** Whoever is refused without a hash being computed is answered in a tenth of the time; a busy machine slows all alike. */
const TELLING = 2;

describe('how long a refused sign-in takes', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  it('[03] does not tell whether there is such an account, over 200 tries in turn', async () => {
    const [known, disabled] = [await createStaff(server, 'support_agent'), await createStaff(server, 'support_agent')];
    await server.database.asSuperuser(`UPDATE staff SET status = 'disabled' WHERE id = $1`, [disabled.staffId]);
    const took: Record<string, number[]> = {};
    for (let nth = 0; nth < TRIES; nth += 1) {
      // Who is throttled is refused before anything is looked up, known or not.
      if (nth % 8 === 0) await server.database.asSuperuser('UPDATE sign_in_throttle SET expire = 0');
      const login = [known.login, 'nobody.at-all', disabled.login, `nobody.${nth}`][nth % 4] ?? '';
      const since = performance.now();
      const answer = await server.call('POST', '/v1/auth/login', {
        body: { login, password: nth % 4 === 2 ? disabled.password : 'certainly not this one' },
      });
      const ms = performance.now() - since;
      expect(answer.status).toBe(401);
      (took[nth % 4] ??= []).push(ms);
    }
    const medians = Object.values(took).map((all) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0);
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(TELLING);
  });
});
