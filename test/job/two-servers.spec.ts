import { createTestApp, type TestApp } from '../harness/app.js';
import { startServer, type ServerProcess } from '../harness/server-process.js';
import { jstDate } from '../../src/platform/clock/jst.js';
import { readBooks } from './books.js';
import { job, writeExport, type Export, type People } from './job.js';
import { textAt, type JsonAnswer } from './job-client.js';
import { hirePeople } from './people.js';

/** Two processes, both also working on jobs, on one database: whatever is asked of both at once is done once. */
describe('two servers on one database', () => {
  let staff: TestApp;
  let servers: ServerProcess[];
  let first: People;
  let second: People;
  let files: Export;

  beforeAll(async () => {
    staff = await createTestApp();
    servers = await Promise.all([1, 2].map(() => startServer(staff.database, { RUN_JOBS: 'true', LOG_LEVEL: 'warn' })));
    let asked = 0;
    // The same people, each request of theirs at the other server than the one before.
    const inTurn = () => servers[(asked += 1) % 2]?.url ?? '';
    first = await hirePeople(staff, inTurn);
    second = first;
    files = await writeExport(3_000, 'two-servers');
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await files.remove();
    await staff.close();
  });

  const both = (ask: () => Promise<JsonAnswer>) => Promise.all(Array.from({ length: 6 }, ask));
  const succeeded = (answers: JsonAnswer[]) => answers.filter((answer) => answer.status < 300);

  it('have one effect of the same opening, submission, approval and batch', async () => {
    await job.seal(first, await job.import(first, files));
    await job.rate(first);
    await job.fund(first, 10n ** 12n);
    const openings = await both(() => second.officer.post('/v1/claims/open'));
    expect(
      succeeded(openings)
        .map((answer) => Number(answer.body.count))
        .filter((count) => count > 0),
    ).toEqual([3_000]);
    const run = await job.approveAll(first);

    const draft = await first.maker.post('/v1/credit-batches', {
      filter: {},
      notBefore: new Date(Date.now() - 1_000).toISOString(),
      postingDate: jstDate(new Date()),
    });
    const id = textAt(draft, 'id');
    const submissions = await both(() =>
      second.maker.post(`/v1/credit-batches/${id}/submit`, { controlTotalJpy: textAt(draft, 'totalJpy') }),
    );
    expect(succeeded(submissions)).toHaveLength(1);
    const { body } = await first.checkers[0].get('/v1/approval-requests?status=pending&subjectType=credit_batch');
    const [request] = body.items as { id: string; requiredCheckers: number }[];
    expect(request?.requiredCheckers).toBe(2);
    const decisions = await Promise.all(
      [...first.checkers, ...first.checkers].map((checker) =>
        checker.post(`/v1/approval-requests/${request?.id}/decisions`, { decision: 'approve' }),
      ),
    );
    expect(succeeded(decisions)).toHaveLength(2);
    const release = await first.maker.get(`/v1/credit-batches/${id}/release`);
    const statement = { sha256: textAt(release, 'sha256'), statement: textAt(release, 'statement') };
    const signatures = await Promise.all(
      [...first.releaseKeys, ...first.releaseKeys, ...first.releaseKeys].map((key) =>
        second.maker.post(`/v1/credit-batches/${id}/release/signatures`, key.sign(statement)),
      ),
    );
    expect(succeeded(signatures)).toHaveLength(2);
    const done = await job.untilCompleted(first, id);

    const outcome = run.body.outcome as Record<string, string>;
    expect(done.body).toMatchObject({ creditedCount: outcome.approvedCount, creditedJpy: outcome.approvedJpy });
    const books = await readBooks(staff.database);
    expect(books).toMatchObject({
      creditedTwice: 0,
      trialBalanceJpy: 0n,
      walletsJpy: BigInt(outcome.approvedJpy ?? ''),
    });
  }, 180_000);
});
