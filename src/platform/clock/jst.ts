/** Japan has had UTC+09:00 without daylight saving since 1951, so a fixed offset is exact for this programme. */
const JST_OFFSET_MS = 9 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Calendar day in Japan, `YYYY-MM-DD`. */
export function jstDate(instant: Date): string {
  return new Date(instant.getTime() + JST_OFFSET_MS).toISOString().slice(0, 10);
}

/** The day in a column of type date, which the driver gives as midnight in UTC. */
export function dayOf(date: Date): string;
export function dayOf(date: Date | null): string | null;
export function dayOf(date: Date | null): string | null {
  return date?.toISOString().slice(0, 10) ?? null;
}

/** Japanese banks are closed on these days of every year. */
const BANK_HOLIDAYS: ReadonlySet<string> = new Set(['12-31', '01-01', '01-02', '01-03']);

/** Is this JST day a working day: no Saturday, Sunday, bank holiday or one of the holidays given as `YYYY-MM-DD`? */
export function isBusinessDay(day: string, holidays: ReadonlySet<string>): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !BANK_HOLIDAYS.has(day.slice(5)) && !holidays.has(day);
}

/** The n-th business day after the given JST day; n is at least 1. */
export function addBusinessDays(day: string, n: number, holidays: ReadonlySet<string>): string {
  let at = Date.parse(`${day}T00:00:00Z`);
  for (let left = n; left > 0;) {
    at += DAY_MS;
    if (isBusinessDay(new Date(at).toISOString().slice(0, 10), holidays)) left -= 1;
  }
  return new Date(at).toISOString().slice(0, 10);
}

/** The instant at which the n-th business day after `from` ends in Japan. */
export function endOfBusinessDay(from: Date, n: number, holidays: ReadonlySet<string>): Date {
  const day = addBusinessDays(jstDate(from), n, holidays);
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS - JST_OFFSET_MS);
}
