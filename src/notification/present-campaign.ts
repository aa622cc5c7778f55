import type { CampaignRow, MailCount, MailRow, WaveRow } from './campaign.repository.js';
import type { CampaignView, MailView, WaveView } from './campaign.views.js';

export function campaignView(row: CampaignRow, counts: readonly MailCount[]): CampaignView {
  const { waves, creditBatchId, createdAt, releasedAt, ...texts } = row;
  return {
    ...texts,
    creditBatchId: creditBatchId?.toString() ?? null,
    createdAt: createdAt.toISOString(),
    releasedAt: releasedAt?.toISOString() ?? null,
    waves: waves.map((wave) =>
      waveView(
        wave,
        counts.filter(({ waveId }) => waveId === wave.id),
      ),
    ),
  };
}

function waveView(wave: WaveRow, counts: readonly MailCount[]): WaveView {
  const { seq, status, waitsFor, language, holderKind, mostRecipients, mailsPerHour, fromHour, toHour } = wave;
  return {
    seq,
    status,
    waitsFor,
    language,
    holderKind,
    mostRecipients,
    mailsPerHour,
    fromHour,
    toHour,
    startsAt: wave.startsAt.toISOString(),
    startedAt: wave.startedAt?.toISOString() ?? null,
    finishedAt: wave.finishedAt?.toISOString() ?? null,
    mails: counts.map((line) => ({
      status: line.status,
      unsentReason: line.unsentReason,
      count: line.count.toString(),
    })),
  };
}

export function mailView(row: MailRow): MailView {
  return {
    id: row.id.toString(),
    customerNo: row.holder.customerNo,
    status: row.status,
    unsentReason: row.unsentReason,
    messageId: row.messageId,
    attempts: row.attempts,
    smtpCode: row.smtpCode,
    resendOf: row.resendOf?.toString() ?? null,
    resendReason: row.resendReason,
    changedAt: row.changedAt.toISOString(),
  };
}
