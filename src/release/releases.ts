import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { isSignedBy } from './ed25519.js';
import { statementText, type StatementFields } from './release-statement.js';
import type { SignReleaseDto } from './release.dto.js';
import {
  ReleaseKeyDoesNotCount,
  ReleaseKeyNotFound,
  ReleaseSignatureWrong,
  ReleaseSignedAlready,
  ReleaseStatementExpired,
  ReleaseStatementNotFound,
  ReleaseStatementOther,
} from './release.errors.js';
import { ReleaseRepository, type ReleaseStatementRow } from './release.repository.js';
import type { ReleaseView } from './release.views.js';

/** Statements that several keys sign; what one is about is known to the room that had it made. */
@Injectable()
export class Releases {
  constructor(
    private readonly releases: ReleaseRepository,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** From now on this statement is the one that is signed about its subject. */
  async make(tx: Tx, fields: StatementFields): Promise<void> {
    await this.releases.insertStatement(tx, statementText(fields));
  }

  /** The statement that is signed about a thing; null if none was made. */
  find(tx: Tx, kind: string, subjectId: string): Promise<ReleaseStatementRow | null> {
    return this.releases.newestStatement(tx, kind, subjectId);
  }

  /** Errors: release_statement_not_found. */
  async get(tx: Tx, kind: string, subjectId: string): Promise<ReleaseStatementRow> {
    const statement = await this.find(tx, kind, subjectId);
    if (!statement) throw new ReleaseStatementNotFound();
    return statement;
  }

  hasExpired({ expiresAt }: ReleaseStatementRow): boolean {
    return expiresAt <= this.clock.now();
  }

  /**
   * Records a signature once it is verified.
   * Errors: release_statement_not_found, release_statement_other, release_statement_expired, release_key_not_found,
   * release_key_does_not_count, release_signature_wrong, release_signed_already.
   */
  async sign(
    tx: Tx,
    context: RequestContext,
    kind: string,
    subjectId: string,
    signed: SignReleaseDto,
  ): Promise<ReleaseView> {
    const statement = await this.get(tx, kind, subjectId);
    await this.releases.lockStatement(tx, statement.id);
    if (statement.sha256 !== signed.statementSha256) throw new ReleaseStatementOther(statement.sha256);
    if (this.hasExpired(statement)) throw new ReleaseStatementExpired(statement.expiresAt);
    const key = await this.releases.findKeyByFingerprint(tx, signed.keyFingerprint);
    if (!key) throw new ReleaseKeyNotFound();
    if (key.status !== 'active' || key.countsFrom === null || key.countsFrom > this.clock.now())
      throw new ReleaseKeyDoesNotCount(key.status, key.countsFrom);
    const signature = Buffer.from(signed.signature, 'base64');
    if (!isSignedBy(key.publicKey, statement.statement, signature)) throw new ReleaseSignatureWrong();
    const recorded = { statementId: statement.id, keyId: key.id, signature, recordedBy: context.actor.id };
    if (!(await this.releases.insertSignature(tx, recorded))) throw new ReleaseSignedAlready();
    const view = await this.view(tx, await this.get(tx, kind, subjectId));
    await this.audit.record(tx, context, {
      action: 'release.signed',
      subjectType: kind,
      subjectId,
      after: {
        statementSha256: statement.sha256,
        keyFingerprint: key.fingerprint,
        missingSignatures: view.missingSignatures,
      },
    });
    return view;
  }

  async view(tx: Tx, { statement, sha256, expiresAt, signatures }: ReleaseStatementRow): Promise<ReleaseView> {
    const { leastSignatures } = await this.releases.currentRule(tx);
    const shown = signatures.map(({ key, recordedAt }) => ({
      keyFingerprint: key.fingerprint,
      label: key.label,
      recordedAt: recordedAt.toISOString(),
      counts: key.status === 'active',
    }));
    const counting = shown.filter(({ counts }) => counts).length;
    return {
      sha256,
      statement,
      expiresAt: expiresAt.toISOString(),
      leastSignatures,
      missingSignatures: Math.max(0, leastSignatures - counting),
      signatures: shown,
    };
  }
}
