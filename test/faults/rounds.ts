import { seeded } from '../harness/seeded.js';
import { SCENARIOS } from './scenarios.js';

/** One scenario with the numbers that decide its moments: all of it follows from the seed and the round. */
export interface Round {
  readonly round: number;
  readonly scenario: string;
  readonly random: () => number;
}

/** Each scenario once, in an order of chance, and then again in another order. */
export function roundOf(seed: number, round: number): Round {
  const names = Object.keys(SCENARIOS);
  const turn = Math.floor((round - 1) / names.length);
  const scenario = shuffled(names, seeded(seed + turn))[(round - 1) % names.length];
  if (scenario === undefined) throw new Error('there is no scenario');
  return { round, scenario, random: seeded(seed * 1_000 + round) };
}

function shuffled(names: readonly string[], random: () => number): string[] {
  return names
    .map((name) => ({ name, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ name }) => name);
}
