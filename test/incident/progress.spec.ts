import fc from 'fast-check';
import { roundJpy, roundXem, wholeSteps } from '../../src/incident/progress.amount.js';
import { ProgressService } from '../../src/incident/progress.service.js';
import type { ProgressReleaseView, ProgressView } from '../../src/incident/progress.views.js';
import { Remembered } from '../../src/platform/remembered.js';
import { Database } from '../../src/platform/database/database.js';
import { decide, post } from '../claim/claims.js';
import { approvedBatch, createBatchWorld, execute, quantities, sum, type BatchWorld } from '../credit-batch/batches.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';

const ask = (server: TestApp, headers: Record<string, string> = {}) =>
  server.call<ProgressView & { code: string }>('GET', '/v1/public/progress', { headers });

describe('publishing the progress', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  it('is off, uncached, until two people release it', async () => {
    expect(await ask(server)).toMatchObject({
      status: 404,
      body: { code: 'progress_not_published' },
      headers: { 'cache-control': 'no-store' },
    });
    const { token } = await staffToken(server, 'compliance');
    const asked = await post<ProgressReleaseView>(server, token, '/v1/incident/progress-releases');
    expect(asked.status).toBe(201);
    expect((await decide(server, token, asked.body.approvalRequest.id)).status).toBe(403);
    const checker = await staffToken(server, 'finance_checker');
    expect((await decide(server, checker.token, asked.body.approvalRequest.id)).body).toMatchObject({
      status: 'approved',
      outcome: { status: 'released' },
    });
    const other = await createStaff(server, 'finance_maker');
    expect(await post(server, other.token, '/v1/incident/progress-releases')).toMatchObject({
      status: 409,
      body: { code: 'progress_already_released' },
    });
  });
});

describe('the published progress', () => {
  let world: BatchWorld;
  let ordered: readonly bigint[];
  beforeAll(async () => {
    world = await createBatchWorld(quantities(2_300));
    const rows = await world.server.database.asSuperuser<{ amount_jpy: string }>(
      'SELECT amount_jpy FROM claim ORDER BY id',
    );
    ordered = rows.map(({ amount_jpy }) => BigInt(amount_jpy));
    const maker = await staffToken(world.server, 'finance_maker');
    const checker = await staffToken(world.server, 'finance_checker');
    const asked = await post<ProgressReleaseView>(world.server, maker.token, '/v1/incident/progress-releases');
    await decide(world.server, checker.token, asked.body.approvalRequest.id);
  });
  afterAll(() => world.server.close());

  /** As a process that has nothing remembered yet. */
  const now = () =>
    world.server.app
      .get(Database)
      .consistentRead((tx) => world.server.app.get(ProgressService, { strict: false }).figures(tx));

  it('counts complete steps only, is cached, and answers 304', async () => {
    const { status, body, headers } = await ask(world.server);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=10');
    expect(Object.keys(body).toSorted()).toEqual(
      ['creditedCount', 'creditedJpy', 'holders', 'steps', 'totalJpy', 'totalXem', 'updatedOn'].toSorted(),
    );
    expect(body).toMatchObject({
      holders: '2000',
      totalJpy: roundJpy(sum(ordered.slice(0, 2_000))).toString(),
      creditedCount: '0',
      creditedJpy: '0',
      updatedOn: null,
    });
    const etag = String(headers['etag']);
    expect(await ask(world.server, { 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
  });

  it('does not move for a single credit, nor for a single large one', async () => {
    const before = await now();
    const pilot = await approvedBatch(world, { customerNos: ['C1'] });
    await execute(world, pilot.id);
    expect(await now()).toEqual(before);
  });

  it('moves by whole steps when the rest is credited, and says the day', async () => {
    const rest = await approvedBatch(world);
    await execute(world, rest.id);
    const after = await now();
    const rows = await world.server.database.asSuperuser<{ amount_jpy: string }>(
      `SELECT amount_jpy FROM ledger_transfer WHERE kind = 'credit' ORDER BY id LIMIT 2000`,
    );
    expect(after).toMatchObject({
      creditedCount: '2000',
      creditedJpy: roundJpy(sum(rows.map(({ amount_jpy }) => BigInt(amount_jpy)))).toString(),
      updatedOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
  });
});

describe('what is rounded', () => {
  it('is never above the truth, and less than a step below', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (amount) => {
        for (const [rounded, step] of [
          [wholeSteps(amount), 1_000n],
          [roundJpy(amount), 1_000_000n],
          [BigInt(roundXem(`${amount}.999999`).toFixed()), 10_000n],
        ] as const) {
          expect(rounded % step).toBe(0n);
          expect(amount - rounded < step && rounded <= amount).toBe(true);
        }
      }),
    );
  });

  it('is asked for once while it is fresh, by however many, and never remembered as a failure', async () => {
    let [time, asked] = [0, 0];
    const remembered = new Remembered({ now: () => new Date(time) }, 10_000, () => {
      asked += 1;
      return asked === 3 ? Promise.reject(new Error('away')) : Promise.resolve(asked);
    });
    expect(await Promise.all([remembered.get(), remembered.get()])).toEqual([1, 1]);
    time = 9_999;
    expect(await remembered.get()).toBe(1);
    time = 10_000;
    expect(await remembered.get()).toBe(2);
    time = 20_000;
    await expect(remembered.get()).rejects.toThrow('away');
    expect(await remembered.get()).toBe(4);
  });
});
