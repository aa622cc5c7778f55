import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Decimal } from '../platform/decimal.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { EvidenceAlreadyThere } from './evidence.errors.js';
import { readEvidenceUpload, type UploadedEvidence } from './evidence-upload.js';
import { windowsOf } from './price-window.amount.js';
import { evidenceView } from './rate-detail.js';
import { RateNotFound, RateNotProposed, RateOfAnotherMaker } from './rate.errors.js';
import { RateRepository, type RateRow } from './rate.repository.js';
import type { AddedEvidenceView } from './rate.views.js';

/** More than a million trades: many times the window's. */
const MAX_MIB = 64;

/** Market data beside a proposed rate: read once, kept as hash and figures. */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly rates: RateRepository,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly config: Config,
  ) {}

  /**
   * Adds a file to a rate; since that changes what checkers agree to, they are asked anew.
   * Errors: rate_not_found, rate_of_another_maker, rate_not_proposed, evidence_already_there, and those of reading the upload.
   */
  async add(context: RequestContext, rateId: string, request: FastifyRequest): Promise<AddedEvidenceView> {
    // The announcement never changes, so the file can be read at the client's pace without holding a transaction open.
    const rate = await this.database.consistentRead((tx) => this.rates.find(tx, rateId));
    assertOpenTo(context, rate);
    const announcement = {
      priceJpyPerXem: new Decimal(rate.priceJpyPerXem.toFixed()),
      windows: windowsOf([rate.windowStart, ...rate.alternativeStarts], [rate.windowEnd, ...rate.alternativeEnds]),
    };
    const evidence = await readEvidenceUpload(request, announcement, Math.min(MAX_MIB, this.config.maxUploadMib));
    // A key that comes again with another file is another request.
    const requestHash = createHash('sha256').update(`${context.requestHash} ${evidence.fileSha256}`).digest('hex');
    return this.commands.run({ ...context, requestHash }, (tx) => this.addIn(tx, context, rateId, evidence));
  }

  private async addIn(
    tx: Tx,
    context: RequestContext,
    rateId: string,
    evidence: UploadedEvidence,
  ): Promise<AddedEvidenceView> {
    assertOpenTo(context, await this.rates.lock(tx, rateId));
    const added = await this.rates.insertEvidence(tx, rateId, context.actor.id, evidence);
    if (!added) throw new EvidenceAlreadyThere();
    const { kind, fileSha256, rowCount } = evidence;
    await this.audit.record(tx, context, {
      action: 'rate.evidence_added',
      subjectType: 'rate',
      subjectId: rateId,
      after: { evidenceId: added.id, kind, fileSha256, rowCount: rowCount.toString() },
    });
    const contentHash = await this.rates.contentHash(tx, rateId);
    if (contentHash === null) throw new RateNotFound();
    const approvalRequest = await this.approvals.reopen(tx, context, {
      subjectType: 'rate',
      subjectId: rateId,
      contentHash,
      amountJpy: null,
    });
    return { ...evidenceView(added), approvalRequest };
  }
}

function assertOpenTo(context: RequestContext, rate: RateRow | null): asserts rate is RateRow {
  if (!rate) throw new RateNotFound();
  if (rate.proposedBy !== context.actor.id) throw new RateOfAnotherMaker();
  if (rate.status !== 'proposed') throw new RateNotProposed(rate.status);
}
