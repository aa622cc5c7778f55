import fc from 'fast-check';
import { ROLES } from '../../src/identity/role.js';
import { openApiDocument } from '../../src/openapi-document.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { customerToken } from '../harness/customer.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';
import { hostileRequest, operationsOf, type HostileRequest, type Schema } from './hostile-requests.js';

const REQUESTS = 10_000;
/** Another run is another attack; a failure prints this, and ATTACK_SEED repeats it. */
const SEED = Number(process.env.ATTACK_SEED ?? Date.now() % 1_000_000_000);
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const;

/** What a stranger could learn the inside from. */
const INSIDE = /\n\s+at |node_modules|\bprisma\b|\bSELECT\b|\bINSERT\b|\/src\/|\/dist\//i;
/** These end the session that all other requests of the same person use. */
const ENDS_SESSIONS = /logout/;

interface Refusal {
  readonly request: HostileRequest;
  readonly status: number;
  readonly body: string;
}

describe(`requests made from the API's own description to do harm (ATTACK_SEED=${SEED})`, () => {
  let server: TestApp;
  let inbox: Inbox;
  beforeAll(async () => {
    inbox = await startInbox();
    server = await createTestApp({
      smtpUrl: inbox.url,
      mailFrom: 'info@henkin.test',
      mailReportSecret: 'r'.repeat(40),
    });
    await arrangeProgramme(server.database, { quantitiesMicroXem: [5_000_000n, 7_500_000n, 1_000n], fundJpy: 5_000n });
  });
  afterAll(async () => {
    await server.close();
    await inbox.close();
  });

  /** Nothing of this may move by requests that nobody else has agreed to. */
  const totals = () =>
    server.database.asSuperuser(`
      SELECT (SELECT json_agg(json_build_array(kind, sum) ORDER BY kind) FROM (SELECT kind, sum(balance_jpy) FROM ledger_account
                WHERE kind IN ('own_funds', 'customer_wallet') GROUP BY kind) AS a) AS balances,
             (SELECT sum(balance_jpy) FROM ledger_account WHERE kind IN ('compensation_fund', 'approved_uncredited')) AS fund,
             (SELECT count(*) FROM ledger_transfer WHERE kind IN ('credit', 'funding')) AS transfers,
             (SELECT json_agg(to_jsonb(s) ORDER BY id) FROM snapshot s WHERE status = 'sealed') AS sealed,
             (SELECT count(*) FROM rate WHERE status = 'effective') AS rates`);

  const people = () =>
    server.database.asSuperuser('SELECT id, login, role, status, customer_no FROM staff ORDER BY id');

  it(`[13] ${REQUESTS} of them, as every role and as nobody: never a 5xx, never a changed total, nothing of the inside told`, async () => {
    const officer = await staffToken(server, 'claims_officer');
    await server.call('POST', '/v1/claims/open', {
      token: officer.token,
      headers: { 'idempotency-key': 'attack-open' },
    });
    const claims = await server.database.asSuperuser<{ claim_no: string }>('SELECT claim_no FROM claim');
    const tokens = await everybody(server);
    const [before, peopleBefore] = [await totals(), await people()];

    const document = openApiDocument(server.app);
    const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
    const known = { customerNo: ['C1', 'C2', 'C3'], claimNo: claims.map((claim) => claim.claim_no), seq: ['1'] };
    // Not ready, and not offered, are right answers of a server that has no worker and no identity provider.
    const operations = operationsOf(document).filter(
      ({ path }) => path !== '/health/ready' && !path.includes('/oidc/'),
    );
    const each = Math.ceil(REQUESTS / operations.length);
    const refusals: Refusal[] = [];
    for (const [at, operation] of operations.entries()) {
      const requests = fc.sample(hostileRequest(operation, schemas, known), { numRuns: each, seed: SEED + at });
      for (const [nth, request] of requests.entries()) {
        const token = ENDS_SESSIONS.test(operation.path) ? null : tokens[nth % tokens.length];
        const answer = await send(server, request, token ?? null);
        const problem = answer.status >= 400;
        if (answer.status >= 500 || (problem && INSIDE.test(answer.body)) || answer.requestId === undefined) {
          refusals.push({ request, status: answer.status, body: answer.body.slice(0, 300) });
        }
      }
    }

    expect(refusals).toEqual([]);
    expect(await totals()).toEqual(before);
    // An administrator may have made accounts; those that there were are as they were.
    expect((await people()).slice(0, peopleBefore.length)).toEqual(peopleBefore);
  }, 600_000);
});

/** One token of each role, a customer's, and none. */
async function everybody(server: TestApp): Promise<(string | null)[]> {
  const staff: string[] = [];
  for (const role of ROLES) staff.push((await staffToken(server, role)).token);
  return [...staff, await customerToken(server, 'C1'), null];
}

async function send(server: TestApp, { method, url, headers, payload }: HostileRequest, token: string | null) {
  const answer = await server.app.inject({
    method: METHODS.find((known) => known === method) ?? 'GET',
    url,
    headers: { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(payload === null ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.body, requestId: answer.headers['x-request-id'] };
}
