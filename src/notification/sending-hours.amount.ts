/** Japan has no daylight saving, so hours of its day are a fixed offset. */
const JST_OFFSET_MS = 9 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export interface SendingHours {
  /** Hours of the day in Japan, 0 to 24; the second does not belong to them. */
  readonly fromHour: number;
  readonly toHour: number;
}

/** The given instant if mails may go out then, otherwise the next at which they may. */
export function nextSendingTime(at: Date, { fromHour, toHour }: SendingHours): Date {
  const local = at.getTime() + JST_OFFSET_MS;
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const opens = midnight + fromHour * HOUR_MS;
  if (local >= midnight + toHour * HOUR_MS) return new Date(opens + DAY_MS - JST_OFFSET_MS);
  return local < opens ? new Date(opens - JST_OFFSET_MS) : at;
}
