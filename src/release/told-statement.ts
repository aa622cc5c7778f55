/** A statement as a person reads it before signing: what it is about, line by line, in both languages. */
export interface ToldStatement {
  readonly title: string;
  readonly lines: readonly (readonly [name: string, value: string])[];
  /** What the person types to show that it was read. */
  readonly confirmation: { readonly asked: string; readonly answer: string };
}

/** `46311127123` → `46,311,127,123`. */
export const grouped = (figure: string): string => figure.replace(/\B(?=(\d{3})+$)/g, ',');

const SCALES = ['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion'];

/** `46311127123` → `46 billion 311 million 127 thousand 123`: a slip by a thousand is heard at once. */
export function inWords(figure: string): string {
  const groups = grouped(figure).split(',');
  const words = groups.map((group, index) => [Number(group), SCALES[groups.length - 1 - index] ?? ''] as const);
  const said = words.filter(([count]) => count > 0).map(([count, scale]) => `${count}${scale}`);
  return said.join(' ') || '0';
}

/** `2018-03-12T03:00:00.000Z` → `2018-03-12 12:00:00 JST`. */
export function inJapan(instant: string): string {
  const shifted = new Date(Date.parse(instant) + 9 * 3_600_000).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)} JST`;
}
