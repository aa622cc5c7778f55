import { setTimeout as pause } from 'node:timers/promises';
import { jstDate } from '../src/platform/clock/jst.js';
import { LineBar } from '../src/demo/bar.js';
import { findPending, haveApproved } from '../src/demo/stages/have-approved.js';
import { signed } from '../src/demo/stages/sign-release.js';
import { LOOK_AGAIN_MS, type World } from './world.js';

interface Batch {
  readonly id: string;
  readonly status: string;
  readonly pauseKind: string | null;
  readonly totalJpy: string;
  readonly remainingCount: string;
  readonly skippedCount: string;
  readonly finishedAt: string | null;
}

/** A batch that is approved, has begun, and stands still before its next chunk. */
export interface PausedBatch {
  readonly path: string;
  readonly remaining: number;
}

/** Drafted, submitted, approved by two, signed by the release keys, begun and paused at once, so that resuming is the moment from which it is timed. */
export async function pausedBatch(world: World, name: string, filter: object): Promise<PausedBatch> {
  const { demo } = world;
  const maker = demo.people.as('maker');
  const drafted = await maker.change<Batch>(`draft ${name}`, '/v1/credit-batches', () => ({
    filter,
    notBefore: new Date().toISOString(),
    postingDate: jstDate(new Date()),
  }));
  const path = `/v1/credit-batches/${drafted.id}`;
  const controlTotalJpy = drafted.totalJpy;
  await maker.change(`submit ${name}`, `${path}/submit`, () => ({ controlTotalJpy }));
  const request = await findPending(demo, 'checker1', 'credit_batch', drafted.id);
  if (!request) throw new Error(`Nobody is asked about ${path}.`);
  const bar = new LineBar(name, () => undefined);
  // With the last of the two it may begin at once: not every sum waits for signatures.
  await world.watched();
  await haveApproved(demo, bar, request, ['checker1', 'checker2']);
  await signed(demo, bar, drafted.id);
  for (;;) {
    const { status } = await maker.read<Batch>(path);
    if (status === 'executing') break;
    if (status !== 'approved') throw new Error(`${path} is ${status} before it could be paused.`);
    await pause(5, undefined, { signal: demo.stop });
  }
  await maker.change(`pause ${name}`, `${path}/pause`, () => ({ reason: 'Everything is made ready.' }));
  const { remainingCount } = await maker.read<Batch>(path);
  return { path, remaining: Number(remainingCount) };
}

/**
 * Resumes it. Answers the seconds until the database noted its completion; a batch that was faster than its watch stands still
 * meanwhile, and goes on by itself.
 */
export async function creditedIn(world: World, { path }: PausedBatch): Promise<number> {
  const maker = world.demo.people.as('maker');
  await maker.freshToken();
  const began = Date.now();
  await maker.change(`resume ${path}`, `${path}/resume`, () => null);
  for (;;) {
    const batch = await maker.read<Batch>(path);
    if (batch.status === 'completed' && batch.finishedAt !== null)
      return (new Date(batch.finishedAt).getTime() - began) / 1000;
    if (batch.status !== 'executing' && batch.pauseKind !== 'unwatched')
      throw new Error(`${path} is ${batch.status} and not completed.`);
    await pause(LOOK_AGAIN_MS, undefined, { signal: world.demo.stop });
  }
}
