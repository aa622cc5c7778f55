import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { SignReleaseDto } from '../release/release.dto.js';
import type { ReleaseView } from '../release/release.views.js';
import { Releases } from '../release/releases.js';
import { BATCH_STATEMENT } from './batch-statement.js';
import { CreditBatchJobs } from './credit-batch-jobs.js';
import {
  CreditBatchInOtherState,
  CreditBatchNotFound,
  ReleaseNotNeeded,
  ReleaseStatementStands,
} from './credit-batch.errors.js';
import { CreditBatchRepository, type CreditBatchRow } from './credit-batch.repository.js';
import { readReleaseContent } from './sql/read-release-content.sql.js';

const LIMITS = { timeoutMs: 60_000 };
/** Long enough to fetch keys from their safes, short enough that nothing signed lies about. */
const HOURS_TO_BEGIN = 24;
const HOUR_MS = 3_600_000;

/** Statements about batches whose amount needs two checkers: they execute only when several keys have signed. */
@Injectable()
export class CreditBatchReleases {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly batches: CreditBatchRepository,
    private readonly releases: Releases,
    private readonly jobs: CreditBatchJobs,
    private readonly clock: Clock,
  ) {}

  /** For a batch that has just been approved. */
  async makeIfNeeded(tx: Tx, row: CreditBatchRow): Promise<void> {
    if (await this.batches.needsRelease(tx, row.id)) await this.make(tx, row);
  }

  /** Errors: credit_batch_not_found, release_statement_not_found. */
  show(id: bigint): Promise<ReleaseView> {
    return this.database.consistentRead(async (tx) => this.releases.view(tx, await this.statementOf(tx, id)));
  }

  /** What is signed, byte for byte. Errors: as for show. */
  statement(id: bigint): Promise<string> {
    return this.database.consistentRead(async (tx) => (await this.statementOf(tx, id)).statement);
  }

  /**
   * A new statement in place of one that has expired; all keys sign again.
   * Errors: credit_batch_not_found, credit_batch_in_other_state, release_not_needed, release_statement_stands.
   */
  remake(context: RequestContext, id: bigint): Promise<ReleaseView> {
    return this.commands.run(
      context,
      async (tx) => {
        const row = await this.lockApproved(tx, id, 'release');
        if (!(await this.batches.needsRelease(tx, id))) throw new ReleaseNotNeeded();
        const before = await this.releases.find(tx, BATCH_STATEMENT, id.toString());
        if (before && !this.releases.hasExpired(before)) throw new ReleaseStatementStands(before.expiresAt);
        await this.make(tx, row);
        return this.releases.view(tx, await this.releases.get(tx, BATCH_STATEMENT, id.toString()));
      },
      LIMITS,
    );
  }

  /** With the last signature that is needed the batch begins. Errors: credit_batch_in_other_state, and those of `Releases.sign`. */
  sign(context: RequestContext, id: bigint, signed: SignReleaseDto): Promise<ReleaseView> {
    return this.commands.run(context, async (tx) => {
      const row = await this.lockApproved(tx, id, 'sign');
      const view = await this.releases.sign(tx, context, BATCH_STATEMENT, id.toString(), signed);
      if (view.missingSignatures === 0) await this.jobs.add(tx, id, row.notBefore);
      return view;
    });
  }

  private async make(tx: Tx, row: CreditBatchRow): Promise<void> {
    const begins = Math.max(row.notBefore.getTime(), this.clock.now().getTime());
    await this.releases.make(tx, {
      kind: BATCH_STATEMENT,
      subjectId: row.id.toString(),
      ...(await readReleaseContent(tx, row.id)),
      expiresAt: new Date(begins + HOURS_TO_BEGIN * HOUR_MS).toISOString(),
      nonce: randomBytes(16).toString('hex'),
    });
  }

  private async lockApproved(tx: Tx, id: bigint, command: 'release' | 'sign'): Promise<CreditBatchRow> {
    const row = await this.batches.lock(tx, id);
    if (!row) throw new CreditBatchNotFound();
    if (row.status !== 'approved') throw new CreditBatchInOtherState(command, row.status);
    return row;
  }

  private async statementOf(tx: Tx, id: bigint) {
    if (!(await this.batches.find(tx, id))) throw new CreditBatchNotFound();
    return this.releases.get(tx, BATCH_STATEMENT, id.toString());
  }
}
