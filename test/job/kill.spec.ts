import { setTimeout as pause } from 'node:timers/promises';
import { createTestApp, type TestApp } from '../harness/app.js';
import { seeded } from '../harness/seeded.js';
import { startServer, type ServerProcess } from '../harness/server-process.js';
import { readBooks } from './books.js';
import { job, writeExport, type Export, type People } from './job.js';
import { hirePeople } from './people.js';

const HOLDERS = 5_000;
/** Set KILL_SEED to the printed number to see the same moments again. */
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);

describe(`the server killed at random moments (KILL_SEED=${SEED})`, () => {
  const random = seeded(SEED);
  let staff: TestApp;
  let people: People;
  let files: Export;
  let running: ServerProcess;

  const start = async () => {
    running = await startServer(staff.database, { RUN_JOBS: 'true', LOG_LEVEL: 'warn' });
  };

  /** Lets the stage run while the server is killed and started again, the given number of times. */
  async function whileKilling<T>(stage: Promise<T>, kills: number, withinMs: number): Promise<T> {
    const ended = stage.then(() => 'ended' as const);
    for (let kill = 0; kill < kills; kill += 1) {
      if ((await Promise.race([ended, pause(random() * withinMs)])) === 'ended') break;
      await running.stop('SIGKILL');
      await start();
    }
    return stage;
  }

  beforeAll(async () => {
    staff = await createTestApp();
    await start();
    people = await hirePeople(staff, () => running.url);
    files = await writeExport(HOLDERS, 'kill');
  });
  afterAll(async () => {
    await running.stop();
    await files.remove();
    await staff.close();
  });

  it('ends with the same totals, no claim twice and none missing', async () => {
    const snapshot = await whileKilling(job.import(people, files), 2, 600);
    await job.seal(people, snapshot);
    await job.rate(people);
    await job.fund(people, 10n ** 12n);
    await whileKilling(job.open(people), 2, 300);
    const run = await whileKilling(job.approveAll(people), 2, 400);
    const batch = await whileKilling(job.startBatch(people), 1, 400);
    const done = await whileKilling(job.untilCompleted(people, batch), 2, 500);

    const books = await readBooks(staff.database);
    const outcome = run.body.outcome as Record<string, string>;
    expect(books.claims).toBe(HOLDERS);
    expect(books.creditedTwice).toBe(0);
    expect(books.trialBalanceJpy).toBe(0n);
    expect(books.walletsJpy).toBe(BigInt(outcome.approvedJpy ?? ''));
    expect(books.creditTransfersJpy).toBe(books.walletsJpy);
    expect(done.body).toMatchObject({
      creditedCount: outcome.approvedCount,
      creditedJpy: outcome.approvedJpy,
      skippedCount: '0',
    });
    expect(books.byStatus.approved ?? 0).toBe(0);
    expect((await job.reconciliation(people)).body).toMatchObject({ balanced: true });
  }, 240_000);
});
