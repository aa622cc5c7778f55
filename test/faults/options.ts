import { Command, InvalidArgumentError, Option } from 'commander';
import { join, resolve } from 'node:path';
import { projectRoot } from '../../src/platform/database/project-root.js';

export interface FaultOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Null: all that fit into the minutes. */
  readonly onlyRound: number | null;
  readonly summaryFile: string;
}

const MOST_MINUTES = 24 * 60;

export function readOptions(argv: readonly string[]): FaultOptions {
  const given = new Command('npm run test:faults --')
    .description('Plays the main job on real servers and a real PostgreSQL while everything around it breaks.')
    .addOption(new Option('--minutes <n>', 'begin further rounds for so long').argParser(wholeUpTo(MOST_MINUTES)))
    .addOption(new Option('--seed <n>', 'the same seed plays the same rounds').argParser(wholeUpTo(999_999_999)))
    .addOption(new Option('--round <n>', 'play this round of the seed again, alone').argParser(wholeUpTo(1_000_000)))
    .addOption(new Option('--summary <file>', 'where the figures go, as JSON; dist-faults/summary.json unless told'))
    .parse(argv)
    .opts<{ minutes?: number; seed?: number; round?: number; summary?: string }>();
  return {
    minutes: given.minutes ?? 20,
    seed: given.seed ?? Date.now() % 1_000_000_000,
    onlyRound: given.round ?? null,
    summaryFile: given.summary ? resolve(given.summary) : join(projectRoot, 'dist-faults', 'summary.json'),
  };
}

const wholeUpTo = (most: number) => (text: string) => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
  return number;
};
