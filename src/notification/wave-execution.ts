import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { MailSender } from './mail-sender.js';
import { nextSendingTime } from './sending-hours.amount.js';
import { WAVE_JOB, WaveJobs } from './wave-jobs.js';
import { WaveStart } from './wave-start.js';
import { WaveRepository } from './wave.repository.js';

/** Mails under way at once: as many as a crash can leave with unknown outcome. */
const LANES = 4;
/** Then the queue has its say again, so that mails never keep credits waiting. */
const SLICE_MS = 20_000;
const BEAT_MS = 2_000;
/** Shorter waits are waited out; for longer ones the job comes back. */
const PATIENCE_MS = 1_000;

/** Sends waves, slice after slice, in memory that does not grow with their size. */
@Injectable()
export class WaveExecution implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('WaveExecution');

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly waveJobs: WaveJobs,
    private readonly waves: WaveRepository,
    private readonly waveStart: WaveStart,
    private readonly sender: MailSender,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(WAVE_JOB, (payload, signal) =>
      this.execute(BigInt((payload as { waveId: string }).waveId), signal),
    );
    this.jobs.every('mail-wave-sweep', '* * * * *', () => this.sweep());
  }

  onApplicationBootstrap(): Promise<void> {
    return this.sweep();
  }

  /** A wave under way never waits for a job that got lost. */
  sweep(): Promise<void> {
    return this.database.transaction((tx) => this.waveJobs.addMissing(tx));
  }

  /** Works on a wave for a while; the rest is left to another job. */
  async execute(id: bigint, signal: AbortSignal): Promise<void> {
    const runId = await this.waveStart.begin(id);
    if (runId === null) return;
    const beat = setInterval(() => {
      this.database
        .transaction((tx) => this.waves.beat(tx, id, runId))
        .catch((error: Error) => this.logger.warn(`a sign of life was not written: ${error.message}`));
    }, BEAT_MS);
    const until = AbortSignal.any([signal, AbortSignal.timeout(SLICE_MS)]);
    try {
      const lanes = await Promise.allSettled(Array.from({ length: LANES }, () => this.sendUntil(id, runId, until)));
      const failed = lanes.find((lane) => lane.status === 'rejected');
      await this.finish(id, runId);
      if (failed) throw failed.reason;
    } finally {
      clearInterval(beat);
    }
  }

  /** One mail after another, until it is time, or nothing can be sent for a while. */
  private async sendUntil(id: bigint, runId: string, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      if (await this.sender.sendNext(id, runId)) continue;
      const waitMs = await this.database.transaction(async (tx) => {
        const wave = await this.waves.lock(tx, id);
        if (wave?.status !== 'sending' || wave.runId !== runId) return null;
        const { firstTryAt } = await this.waves.rest(tx, id);
        if (firstTryAt === null) return null;
        const now = this.clock.now().getTime();
        const next = Math.max(wave.nextMailAt.getTime(), firstTryAt.getTime(), now);
        return nextSendingTime(new Date(next), wave).getTime() - now;
      });
      if (waitMs === null || waitMs > PATIENCE_MS) return;
      await pause(Math.max(waitMs, 5));
    }
  }

  /** Hands the wave back: completed when nothing is left, or to another job for when there is something to send. */
  private finish(id: bigint, runId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const wave = await this.waves.lock(tx, id);
      if (wave?.runId !== runId) return;
      await this.waves.change(tx, id, { runId: null, runAliveAt: null });
      if (wave.status !== 'sending') return;
      const { waiting, firstTryAt, beingSent } = await this.waves.rest(tx, id);
      if (waiting === 0n && beingSent === 0n) {
        await this.waves.change(tx, id, { status: 'completed' });
        await this.audit.record(tx, systemActor(WAVE_JOB), {
          action: 'campaign.wave_completed',
          subjectType: 'mail_campaign',
          subjectId: wave.campaignId,
          after: { seq: wave.seq },
        });
        return;
      }
      const next = Math.max(wave.nextMailAt.getTime(), firstTryAt?.getTime() ?? 0, this.clock.now().getTime());
      await this.waveJobs.add(tx, id, nextSendingTime(new Date(next), wave));
    });
  }
}
