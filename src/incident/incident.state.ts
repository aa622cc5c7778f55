import type { IncidentUnit } from '../platform/database/prisma.js';

/**
 * What became of a promised day. It is judged anew at each look, against the day in Japan.
 *
 * - `due`     the day has not passed and it is not done
 * - `kept`    it was done on that day or before
 * - `missed`  the day has passed and it was not done by then, whether or not it was done later
 */
export type PromiseState = 'due' | 'kept' | 'missed';

/** All days as `YYYY-MM-DD` in Japan; `doneOn` is null while it is not done. */
export function promiseState(promisedOn: string, doneOn: string | null, today: string): PromiseState {
  if (doneOn !== null) return doneOn <= promisedOn ? 'kept' : 'missed';
  return today <= promisedOn ? 'due' : 'missed';
}

const NUMBER = /^(0|[1-9]\d{0,17})(\.\d{1,8})?$/;
const INSTANT = /^20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+09:00$/;

/** Is this a value of the unit? Words may be anything, and only they differ between languages. */
export function isValueOf(unit: IncidentUnit, { en, ja }: { readonly en: string; readonly ja: string }): boolean {
  if (unit === 'text') return true;
  if (en !== ja) return false;
  if (unit === 'date') return isDay(en);
  if (unit === 'instant') return INSTANT.test(en) && isDay(en.slice(0, 10)) && !Number.isNaN(Date.parse(en));
  return NUMBER.test(en);
}

/** A day of the calendar: the 30th of February is none. */
export function isDay(text: string): boolean {
  if (!/^20\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
}
