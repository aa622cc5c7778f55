import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { UploadedEvidence } from './evidence-upload.js';
import type { ProposeRateDto } from './rate.dto.js';
import type { RateState } from './rate.state.js';

const WITH_EVIDENCE = {
  wording: true,
  evidence: { orderBy: { createdAt: 'asc' } },
} as const satisfies Prisma.RateInclude;

export type RateRow = Prisma.RateGetPayload<{ include: typeof WITH_EVIDENCE }>;
export type EvidenceRecord = RateRow['evidence'][number];

@Injectable()
export class RateRepository {
  find(tx: Tx, id: string): Promise<RateRow | null> {
    return tx.rate.findUnique({ where: { id }, include: WITH_EVIDENCE });
  }

  /** As `find`; whoever else would change the rate or add evidence to it waits. */
  async lock(tx: Tx, id: string): Promise<RateRow | null> {
    await tx.$queryRaw`SELECT FROM rate WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.find(tx, id);
  }

  findEffective(tx: Tx): Promise<RateRow | null> {
    return tx.rate.findFirst({ where: { status: 'effective' }, include: WITH_EVIDENCE });
  }

  /** Newest first; one row more than `limit`. */
  list(tx: Tx, limit: number, beforeId: string | null): Promise<RateRow[]> {
    return tx.rate.findMany({
      where: beforeId === null ? {} : { id: { lt: beforeId } },
      include: WITH_EVIDENCE,
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** Answers the id; state and times are the database's to set. */
  async insert(tx: Tx, proposedBy: string, proposal: ProposeRateDto): Promise<string> {
    const { priceJpyPerXem, method, windowStart, windowEnd, roundingRule, sourceText } = proposal;
    const wordingVersion = await this.wordingVersion(tx, proposal.legalWording);
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO rate (price_jpy_per_xem, method, window_start, window_end, alternative_starts, alternative_ends,
                        rounding_rule, source_text, wording_version, proposed_by)
      VALUES (${priceJpyPerXem}::numeric, ${method}, ${windowStart}::timestamptz, ${windowEnd}::timestamptz,
              ${proposal.alternativeStarts ?? []}::timestamptz[], ${proposal.alternativeEnds ?? []}::timestamptz[],
              ${roundingRule}::rounding_rule, ${sourceText}, ${wordingVersion}, ${proposedBy}::uuid)
      RETURNING id`;
    if (!row) throw new Error('the rate was not written');
    return row.id;
  }

  /** The same text keeps its version; a new one gets the next. */
  private async wordingVersion(tx: Tx, { ja, en }: { ja: string; en: string }): Promise<number> {
    const [row] = await tx.$queryRaw<{ version: number }[]>`
      WITH known AS (SELECT min(version) AS version FROM legal_wording WHERE ja = ${ja} AND en = ${en}),
           added AS (INSERT INTO legal_wording (ja, en) SELECT ${ja}, ${en} FROM known WHERE version IS NULL RETURNING version)
      SELECT coalesce(known.version, (SELECT version FROM added)) AS version FROM known`;
    if (!row) throw new Error('the wording was not written');
    return row.version;
  }

  /** Null when the rate has this file already. */
  async insertEvidence(
    tx: Tx,
    rateId: string,
    uploadedBy: string,
    evidence: UploadedEvidence,
  ): Promise<EvidenceRecord | null> {
    const { kind, fileSha256, rowCount, figures } = evidence;
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO rate_evidence (rate_id, kind, file_sha256, row_count, figures, uploaded_by)
      VALUES (${rateId}::uuid, ${kind}::evidence_kind, ${fileSha256}, ${rowCount}, ${JSON.stringify(figures)}::jsonb, ${uploadedBy}::uuid)
      ON CONFLICT (rate_id, file_sha256) DO NOTHING RETURNING id`;
    return row ? tx.rateEvidence.findUnique({ where: { id: row.id } }) : null;
  }

  /** Answers whether the rate was in the state that it leaves. */
  async move(tx: Tx, id: string, from: RateState, to: RateState): Promise<boolean> {
    const { count } = await tx.rate.updateMany({ where: { id, status: from }, data: { status: to } });
    return count === 1;
  }

  /** What a checker agrees to, evidence included, as the database computes it; null unless the rate is proposed. */
  async contentHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT rate_content_hash(id) AS hash FROM rate WHERE id = ${id}::uuid AND status = 'proposed'`;
    return row?.hash ?? null;
  }
}
