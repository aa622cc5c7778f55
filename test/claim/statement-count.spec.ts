import { createTestApp } from '../harness/app.js';
import { arrangeProgramme, expectedAmountJpy } from '../harness/programme.js';
import { countStatements } from '../harness/statements.js';
import { decide, officers, post, type RequestBody } from './claims.js';

/** Opens and approves a programme of this size; answers the statements of each and what came of it. */
async function openAndApprove(holders: number) {
  const server = await createTestApp();
  try {
    const people = await officers(server);
    const quantities = Array.from({ length: holders }, (_, n) => BigInt(n + 1) * 7_654_321n);
    await arrangeProgramme(server.database, { quantitiesMicroXem: quantities, fundJpy: 10n ** 15n });
    const opening = await countStatements(() => post(server, people.maker, '/v1/claims/open'));
    const run = await post<{ approvalRequest: RequestBody }>(server, people.maker, '/v1/approval-runs', {
      filter: {},
      dryRun: false,
      reasonCode: 'balance_confirmed',
    });
    const requestId = run.body.approvalRequest.id;
    if (run.body.approvalRequest.requiredCheckers === 2) await decide(server, people.secondChecker, requestId);
    const approving = await countStatements(() => decide(server, people.checker, requestId));
    const [sums] = await server.database.asSuperuser(
      `SELECT count(*)::int AS count, sum(amount_jpy)::text AS total, bool_and(status = 'approved') AS approved FROM claim`,
    );
    return {
      opening,
      approving,
      sums,
      expected: {
        count: holders,
        total: quantities.reduce((sum, q) => sum + expectedAmountJpy(q), 0n).toString(),
        approved: true,
      },
    };
  } finally {
    await server.close();
  }
}

describe('opening and approving', () => {
  it('sends as many statements for 20,000 claims as for 20', async () => {
    const few = await openAndApprove(20);
    const many = await openAndApprove(20_000);
    expect(few.sums).toEqual(few.expected);
    expect(many.sums).toEqual(many.expected);
    expect(many.opening).toBe(few.opening);
    expect(many.approving).toBe(few.approving);
    expect(few.opening).toBeGreaterThan(5);
  });
});
