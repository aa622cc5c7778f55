import { setTimeout as pause } from 'node:timers/promises';
import type { Bar } from '../bar.js';
import { Forger } from '../forger.js';
import { addedUp } from './credit-pilot.js';
import { approved, executed } from './credit.js';
import { runProposed } from './approve-claims.js';
import { findPending, haveApproved } from './have-approved.js';
import { signed } from './sign-release.js';
import type { Demo, Stage } from './stage.js';

interface Batch {
  readonly status: string;
  readonly creditedCount: string;
  readonly itemCount: string;
}

interface KillSwitch {
  readonly pulled: boolean;
  readonly pulls: readonly { readonly cause: string; readonly reason: string }[];
}

const CLAIMS = 20;
const LOOK_AGAIN_MS = 50;
const REASON = { reason: 'A forged transfer was found and removed; the books agree again.' };

/** A small batch, a forgery in the middle of it, what the watch makes of that, and how people go on. */
export function attack(databaseUrl: string): Stage {
  return {
    name: 'attack',
    title: 'A forged transfer, written past all guards while a batch runs',
    async run(demo, bar) {
      const payable = Number((await runProposed(demo)).preview.payable.count);
      // The pilot has taken half of few; a third of those left leaves something for the main batch.
      const sampleSize = Math.min(CLAIMS, Math.trunc(payable / 6));
      if (sampleSize === 0) return bar.note('Too few claims for a batch of its own');
      let forger: Forger | null = null;
      try {
        const batchId = await approved(demo, bar, {
          name: 'the attacked batch',
          filter: { sampleSize },
          controlTotalJpy: async (id) => {
            forger = await Forger.holdOn(databaseUrl, id);
            return addedUp(demo, id);
          },
        });
        await signed(demo, bar, batchId);
        if (forger) await stopped(demo, bar, batchId, forger);
        await goOn(demo, bar, databaseUrl, batchId);
      } finally {
        await (forger as Forger | null)?.letGo();
      }
    },
  };
}

/** From the forgery to the pulled switch, and to the batch that stands still. */
async function stopped(demo: Demo, bar: Bar, batchId: string, forger: Forger): Promise<void> {
  const batch = () => demo.people.as('maker').read<Batch>(`/v1/credit-batches/${batchId}`);
  const killSwitch = () => demo.people.as('auditor').read<KillSwitch>('/v1/kill-switch');
  await until(demo, batch, ({ status }) => status === 'executing');
  const since = performance.now();
  await forger.forge();
  const { pulls } = await until(demo, killSwitch, ({ pulled }) => pulled);
  const noticed = (performance.now() - since) / 1000;
  await forger.letGo();
  const { creditedCount, itemCount } = await until(demo, batch, ({ status }) => status === 'paused');
  const stood = (performance.now() - since) / 1000;
  bar.note(`The watch noticed it and pulled the kill switch after ${noticed.toFixed(1)} s: ${pulls[0]?.reason}`);
  bar.note(`The batch stood still after ${stood.toFixed(1)} s: ${creditedCount} of ${itemCount} credited`);
}

/** The forgery is removed; two people let crediting go on, and two the batch. */
async function goOn(demo: Demo, bar: Bar, databaseUrl: string, batchId: string): Promise<void> {
  await Forger.repair(databaseUrl);
  const maker = demo.people.as('maker');
  const { pulled } = await maker.read<KillSwitch>('/v1/kill-switch');
  if (pulled) {
    const { approvalRequest } = await maker.change<{ approvalRequest: { id: string } }>(
      'ask to release the kill switch',
      '/v1/kill-switch/release',
      () => REASON,
    );
    await agree(demo, bar, approvalRequest.id);
  }
  const path = `/v1/credit-batches/${batchId}`;
  if ((await maker.read<Batch>(path)).status === 'paused') {
    await maker.change('ask to resume the attacked batch', `${path}/resume`, () => null);
    const request = await findPending(demo, 'checker1', 'batch_resume', batchId);
    if (request) await haveApproved(demo, bar, request, ['checker1', 'checker2']);
  }
  bar.note('Two people released the switch with a written reason, and two let the batch go on');
  await executed(demo, bar, batchId);
}

async function agree(demo: Demo, bar: Bar, requestId: string): Promise<void> {
  const path = `/v1/approval-requests/${requestId}`;
  const request = await demo.people
    .as('checker1')
    .read<{ id: string; status: 'pending' | 'approved' | 'refused' | 'expired' | 'voided'; requiredCheckers: number }>(
      path,
    );
  await haveApproved(demo, bar, request, ['checker1', 'checker2']);
}

async function until<T>({ stop }: Demo, ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await pause(LOOK_AGAIN_MS, undefined, { signal: stop });
  }
}
