import { setTimeout as pause } from 'node:timers/promises';
import type { Bar } from '../bar.js';
import { jstDate } from '../../platform/clock/jst.js';
import { yen } from '../figures.js';
import { findPending, haveApproved } from './have-approved.js';
import type { Demo } from './stage.js';

interface CreditBatch {
  readonly id: string;
  readonly pauseKind: string | null;
  readonly status:
    'draft' | 'submitted' | 'approved' | 'executing' | 'paused' | 'completed' | 'rejected' | 'cancelled' | 'stopped';
  readonly itemCount: string;
  readonly creditedCount: string;
  readonly creditedJpy: string;
  readonly skippedCount: string;
  readonly skippedJpy: string;
}

/** What is to be credited, and the sum that finance has on paper for it. */
export interface CreditOrder {
  readonly name: 'the pilot batch' | 'the attacked batch' | 'the main batch';
  readonly filter: object;
  /** For the batch with this id; asked once, when it is submitted. */
  controlTotalJpy(batchId: string): Promise<string>;
}

const LOOK_AGAIN_MS = 200;
const UNDER_WAY: readonly string[] = ['approved', 'executing'];

/** One batch made, submitted with its control total, and approved by as many checkers as its amount needs. Answers its id. */
export async function approved(demo: Demo, bar: Bar, { name, filter, controlTotalJpy }: CreditOrder): Promise<string> {
  const maker = demo.people.as('maker');
  const drafted = await maker.change<CreditBatch>(`draft ${name}`, '/v1/credit-batches', () => ({
    filter,
    notBefore: new Date().toISOString(),
    postingDate: jstDate(new Date()),
  }));
  await demo.journal.keepId(name, drafted.id);
  const path = `/v1/credit-batches/${drafted.id}`;
  await maker.change(`submit ${name}`, `${path}/submit`, async () => ({
    controlTotalJpy: await controlTotalJpy(drafted.id),
  }));
  bar.expect(2, 'people');
  const request = await findPending(demo, 'checker1', 'credit_batch', drafted.id);
  if (request) await haveApproved(demo, bar, request, ['checker1', 'checker2']);
  return drafted.id;
}

/** Watches an approved batch to its last credit; it executes by itself. */
export async function executed(demo: Demo, bar: Bar, batchId: string): Promise<void> {
  const path = `/v1/credit-batches/${batchId}`;
  const { itemCount } = await demo.people.as('maker').read<CreditBatch>(path);
  bar.expect(Number(itemCount), 'claims');
  const batch = await demo.journal.measure('credit', () => untilDone(demo, bar, path));
  if (batch.status !== 'completed')
    throw new Error(`The credit batch ${batch.id} is ${batch.status} and not completed.`);
  bar.note(
    `${batch.creditedCount} credited, together ${yen(batch.creditedJpy)}; ${batch.skippedCount} skipped, together ${yen(batch.skippedJpy)}`,
  );
}

async function untilDone({ people, stop }: Demo, bar: Bar, path: string): Promise<CreditBatch> {
  for (;;) {
    const batch = await people.as('maker').read<CreditBatch>(path);
    bar.reach(Number(batch.creditedCount) + Number(batch.skippedCount));
    // Without its watch it waits, and goes on by itself.
    if (!UNDER_WAY.includes(batch.status) && batch.pauseKind !== 'unwatched') return batch;
    await pause(LOOK_AGAIN_MS, undefined, { signal: stop });
  }
}
