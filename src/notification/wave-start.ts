import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { ReconciliationService } from '../reconciliation/reconciliation.service.js';
import { nextSendingTime } from './sending-hours.amount.js';
import { fixRecipients } from './sql/recipients.sql.js';
import { settleInterrupted } from './sql/settle-interrupted.sql.js';
import { WAVE_JOB, WaveJobs } from './wave-jobs.js';
import { WaveRepository, type LockedWave } from './wave.repository.js';

/** One statement writes the mails of a whole wave. */
const START_LIMITS = { timeoutMs: 120_000 };
const ASK_AGAIN_MS = 60_000;
const TAKE_OVER_AFTER_MS = 3_000;

/** Decides whether a wave may be worked on now, and by whom: one process at a time. */
@Injectable()
export class WaveStart {
  constructor(
    private readonly database: Database,
    private readonly waves: WaveRepository,
    private readonly waveJobs: WaveJobs,
    private readonly reconciliation: ReconciliationService,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** The id of the run that may send now; null if the wave rests, or another job was added for later. */
  async begin(id: bigint): Promise<string | null> {
    const balanced = await this.booksBalanceFor(id);
    return this.database.transaction(async (tx) => {
      const wave = await this.waves.lock(tx, id);
      if (wave === null || (wave.status !== 'planned' && wave.status !== 'sending')) return null;
      const later = this.notBefore(wave);
      if (later) {
        await this.waveJobs.add(tx, id, later);
        return null;
      }
      if (wave.status === 'planned' && !(await this.start(tx, wave, balanced))) return null;
      const runId = randomUUID();
      await settleInterrupted(tx, id, runId);
      await this.waves.change(tx, id, { runId, runAliveAt: this.clock.now() });
      return runId;
    }, START_LIMITS);
  }

  private notBefore(wave: LockedWave): Date | null {
    const now = this.clock.now();
    if (wave.alive) return new Date(now.getTime() + TAKE_OVER_AFTER_MS);
    const earliest = wave.status === 'planned' && wave.startsAt > now ? wave.startsAt : now;
    const at = nextSendingTime(earliest, wave);
    return at > now ? at : null;
  }

  /** Fixes who gets a mail. Answers whether the wave started. */
  private async start(tx: Tx, wave: LockedWave, balanced: boolean): Promise<boolean> {
    if (wave.campaignStatus !== 'released') return false;
    const waitsFor = obstacleOf(wave, balanced);
    if (waitsFor !== null) {
      await this.waves.change(tx, wave.id, { waitsFor });
      await this.waveJobs.add(tx, wave.id, new Date(this.clock.now().getTime() + ASK_AGAIN_MS));
      return false;
    }
    await this.waves.change(tx, wave.id, { status: 'sending', waitsFor: null });
    const mailCount = await fixRecipients(tx, wave.campaignId, wave.id);
    await this.audit.record(tx, systemActor(WAVE_JOB), {
      action: 'campaign.wave_started',
      subjectType: 'mail_campaign',
      subjectId: wave.campaignId,
      after: { seq: wave.seq, mailCount },
    });
    return true;
  }

  /** Asked before, and not within, the transaction that starts the wave: it reads all books from one instant. */
  private async booksBalanceFor(id: bigint): Promise<boolean> {
    const aboutCredits = await this.database.consistentRead((tx) =>
      tx.mailWave.count({
        where: { id, status: 'planned', campaign: { kind: 'credited', creditBatch: { status: 'completed' } } },
      }),
    );
    return aboutCredits > 0 && (await this.reconciliation.show('en')).balanced;
  }
}

/** Nobody is told of a credit that is not complete, or that the books do not bear out. */
function obstacleOf({ kind, batchStatus }: LockedWave, balanced: boolean): string | null {
  if (kind !== 'credited') return null;
  if (batchStatus !== 'completed') return 'batch_not_completed';
  return balanced ? null : 'books_not_balanced';
}
