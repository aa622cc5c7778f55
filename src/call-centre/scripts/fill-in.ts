import type { Text } from '../../platform/problem/domain-error.js';

/** What a script may have filled in. Nothing about the person is among it: that is on the page, masked as it has to be. */
export const FACTS = ['amount', 'quantity', 'price', 'posting_date', 'next_step'] as const;
export type Fact = (typeof FACTS)[number];
/** null: not there, or not to be said. */
export type Facts = Readonly<Record<Fact, Text | null>>;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The first thing in braces that cannot be filled in, or a brace alone; null if all can. */
export function unknownFact(words: string): string | null {
  const named = [...words.matchAll(PLACEHOLDER)].find(([, name = '']) => !FACTS.some((fact) => fact === name));
  return named?.[0] ?? /[{}｛｝]/.exec(words.replaceAll(PLACEHOLDER, ''))?.[0] ?? null;
}

/** Is a line left when no fact is there? */
export function standsAlone(words: string): boolean {
  return words.split('\n').some((line) => line.trim() !== '' && !line.includes('{'));
}

/** With its facts in place. A line of which a fact is not there is left out: half a sentence is worse than none. */
export function fillIn(words: string, facts: Facts, language: keyof Text): string {
  return words
    .split('\n')
    .filter((line) => [...line.matchAll(PLACEHOLDER)].every(([, name]) => facts[name as Fact] !== null))
    .map((line) => line.replaceAll(PLACEHOLDER, (_all, name: Fact) => facts[name]?.[language] ?? ''))
    .join('\n');
}
