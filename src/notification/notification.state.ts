/**
 * States of a campaign, each by its exits; its waves are part of what is released. The database guards the same tables.
 *
 * - `draft`       submitted (its maker asks for release)
 * - `submitted`   released (approved), refused (a checker refused), draft (nobody decided in time, or it was voided)
 * - `released`, `refused`   never left
 */
export const CAMPAIGN_TRANSITIONS = {
  draft: ['submitted'],
  submitted: ['released', 'refused', 'draft'],
  released: [],
  refused: [],
} as const satisfies Record<string, readonly string[]>;

/**
 * - `planned`     sending (released, and its time has come), cancelled
 * - `sending`     paused, completed (nothing is left to send)
 * - `paused`      sending, cancelled
 * - `completed`   sending (one of its mails is to be sent once more)
 * - `cancelled`   never left
 */
export const WAVE_TRANSITIONS = {
  planned: ['sending', 'cancelled'],
  sending: ['paused', 'completed'],
  paused: ['sending', 'cancelled'],
  completed: ['sending'],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

/**
 * - `queued`               sending (committed before the mail server is spoken to), unsent
 * - `sending`              sent, failed_temporarily, refused, outcome_unknown
 * - `failed_temporarily`   sending, unsent
 * - `outcome_unknown`      sent, refused (the answer came late); never sending
 * - `sent`, `refused`, `unsent`   never left
 */
export const MAIL_TRANSITIONS = {
  queued: ['sending', 'unsent'],
  sending: ['sent', 'failed_temporarily', 'refused', 'outcome_unknown'],
  failed_temporarily: ['sending', 'unsent'],
  outcome_unknown: ['sent', 'refused'],
  sent: [],
  refused: [],
  unsent: [],
} as const satisfies Record<string, readonly string[]>;

export type CampaignState = keyof typeof CAMPAIGN_TRANSITIONS;
export type WaveState = keyof typeof WAVE_TRANSITIONS;
export type MailState = keyof typeof MAIL_TRANSITIONS;

const MINUTE_MS = 60_000;
/** After a server's "not now": greylisting ends within minutes, a full mailbox within a day or not at all. */
const RETRY_AFTER_MINUTES = [2, 15, 60, 240, 1_440] as const;

/** When a mail that was put off is tried again; null when it has been tried often enough. `attempts` counts this one. */
export function nextTry(now: Date, attempts: number): Date | null {
  const minutes = RETRY_AFTER_MINUTES[attempts - 1];
  return minutes === undefined ? null : new Date(now.getTime() + minutes * MINUTE_MS);
}
