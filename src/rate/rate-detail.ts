import type { Tx } from '../platform/database/database.js';
import { Decimal } from '../platform/decimal.js';
import type { Json } from '../platform/json.js';
import { jstInstant } from './price-window.amount.js';
import type { EvidenceRecord, RateRepository, RateRow } from './rate.repository.js';
import type { EvidenceView, RateDetailView, RateView } from './rate.views.js';
import { previewRounding } from './sql/preview-rounding.sql.js';

export function rateView(row: RateRow): RateView {
  const { id, status, method, roundingRule, sourceText, proposedBy, wording } = row;
  return {
    id,
    status,
    priceJpyPerXem: row.priceJpyPerXem.toFixed(),
    method,
    windowStart: jstInstant(row.windowStart.getTime()),
    windowEnd: jstInstant(row.windowEnd.getTime()),
    alternativeStarts: row.alternativeStarts.map((start) => jstInstant(start.getTime())),
    alternativeEnds: row.alternativeEnds.map((end) => jstInstant(end.getTime())),
    roundingRule,
    sourceText,
    legalWording: { version: wording.version, ja: wording.ja, en: wording.en },
    evidenceCount: row.evidence.length.toString(),
    proposedBy,
    createdAt: row.createdAt.toISOString(),
    effectiveAt: row.effectiveAt?.toISOString() ?? null,
  };
}

export function evidenceView(row: EvidenceRecord): EvidenceView {
  const { id, kind, fileSha256, uploadedBy } = row;
  return {
    id,
    kind,
    fileSha256,
    rowCount: row.rowCount.toString(),
    figures: row.figures as Json,
    uploadedBy,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Everything that someone needs to judge a rate, computed now: what it comes to, for whom, and what the market says. */
export async function rateDetail(tx: Tx, rates: RateRepository, row: RateRow): Promise<RateDetailView> {
  const rules = await previewRounding(tx, new Decimal(row.priceJpyPerXem.toFixed()));
  const { payableCount, quantityXem, exactJpy } = rules[0] ?? { payableCount: 0n, quantityXem: '0', exactJpy: '0' };
  const effective = row.status === 'proposed' ? await rates.findEffective(tx) : null;
  return {
    ...rateView(row),
    impliedTotal: {
      payableCount: payableCount.toString(),
      quantityXem: new Decimal(quantityXem).toFixed(),
      exactJpy: new Decimal(exactJpy).toFixed(),
    },
    rounding: rules.map((rule) => ({
      rule: rule.rule,
      chosen: rule.rule === row.roundingRule,
      totalJpy: rule.totalJpy.toString(),
      residueJpy: new Decimal(rule.exactJpy).minus(rule.totalJpy.toString()).toFixed(),
      paidCount: (rule.payableCount - rule.belowOneYenCount).toString(),
      belowOneYenCount: rule.belowOneYenCount.toString(),
    })),
    evidence: row.evidence.map(evidenceView),
    wouldSupersede: effective?.id ?? null,
  };
}
