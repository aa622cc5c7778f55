import { Command, InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { formatXem, parseXem } from './holders/micro-xem.js';

/** What the person who started the demo asked for. */
export interface DemoOptions {
  /** Stop when the job is done, instead of staying up for looking around. */
  readonly once: boolean;
  readonly plan: AskedPlan;
  /** Go on with the database of last time. */
  readonly keep: boolean;
  /** Null means: 3000 if it is free, else any. */
  readonly port: number | null;
  readonly summaryFile: string | null;
  /** Forge a transfer while a batch runs. */
  readonly showAttack: boolean;
}

/** What is null was not asked for: with --keep it is what it was, else the default. */
export interface AskedPlan {
  readonly holders: number | null;
  readonly total: bigint | null;
  readonly seed: string | null;
}

/** The reference incident. */
export const DEFAULT_PLAN = { holders: 260_000, total: 523_000_000_000_000n, seed: '1' } as const;
const MOST_HOLDERS = 10_000_000;
/** Each quantity fits numeric(20,6). */
const MOST_MICRO_XEM = 10n ** 19n;

export function readOptions(argv: readonly string[]): DemoOptions {
  const given = new Command('npm run demo --')
    .description(
      'The main job on made-up customers: from a CSV of frozen balances to credited yen, through the public API.',
    )
    .addOption(new Option('--once', 'stop when the job is done').default(false))
    .addOption(new Option('--holders <n>', 'customers to be paid; 260000 unless told').argParser(readHolders))
    .addOption(
      new Option('--total-xem <quantity>', 'what they hold together; 523000000 unless told').argParser(readTotal),
    )
    .addOption(new Option('--seed <text>', 'the same seed makes the same customers').argParser(readSeed))
    .addOption(new Option('--keep', 'go on with the database of last time instead of a fresh one').default(false))
    .addOption(new Option('--port <port>', 'where the server listens; 3000 unless told').argParser(readPort))
    .addOption(new Option('--show-attack', 'forge a transfer while a batch runs, and see it stopped').default(false))
    .addOption(new Option('--summary <file>', 'write the figures to this file, as JSON'))
    .parse(argv)
    .opts<{
      once: boolean;
      holders?: number;
      totalXem?: bigint;
      seed?: string;
      keep: boolean;
      port?: number;
      summary?: string;
      showAttack: boolean;
    }>();
  const plan = { holders: given.holders ?? null, total: given.totalXem ?? null, seed: given.seed ?? null };
  return {
    once: given.once,
    plan,
    keep: given.keep,
    port: given.port ?? null,
    summaryFile: given.summary ? resolve(given.summary) : null,
    showAttack: given.showAttack,
  };
}

function readHolders(text: string): number {
  const holders = /^\d{1,8}$/.test(text) ? Number(text) : 0;
  if (holders < 1 || holders > MOST_HOLDERS)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_HOLDERS}.`);
  return holders;
}

function readTotal(text: string): bigint {
  const total = parseXem(text);
  if (total === null || total < 1n || total >= MOST_MICRO_XEM) {
    throw new InvalidArgumentError(
      `It must be a quantity with at most six decimals, from ${formatXem(1n)} to below ${formatXem(MOST_MICRO_XEM)}.`,
    );
  }
  return total;
}

function readSeed(text: string): string {
  if (!/^[!-~]{1,64}$/.test(text))
    throw new InvalidArgumentError('It must be 1 to 64 letters, digits or signs without blanks.');
  return text;
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('It must be a port from 1 to 65535.');
  return port;
}
