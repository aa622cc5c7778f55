import Table from 'cli-table3';
import type { FaultFigures } from './figures.js';

export interface PlayedRound {
  readonly round: number;
  readonly scenario: string;
  readonly seconds: number;
  readonly violations: readonly string[];
}

export interface Summary {
  readonly seed: number;
  readonly startedAt: string;
  readonly minutes: number;
  readonly figures: FaultFigures;
  /** What this machine did not allow, and why. */
  readonly notRun: readonly string[];
  readonly rounds: readonly PlayedRound[];
  readonly violations: readonly string[];
}

const TITLES: Readonly<Record<keyof FaultFigures, string>> = {
  rounds: 'rounds played to the end',
  strikes: 'faults, each while people worked',
  serverKills: 'servers killed (SIGKILL)',
  postgresKills: 'PostgreSQL killed (SIGKILL, immediate shutdown)',
  commitsEaten: 'answers to COMMIT lost',
  connectionsBroken: 'connections broken in mid-message',
  freezes: 'servers frozen (SIGSTOP)',
  jobsDuplicated: 'jobs put into the queue twice',
  refusals: 'times PostgreSQL refused everything',
  disksFilled: 'times the disk of PostgreSQL was full',
  clocksOff: 'servers with a clock two days off',
  mails: 'mails delivered, each once',
  idempotencyKeys: 'idempotency keys',
  idempotentTries: 'tries with these keys',
  cancelledTries: 'tries that were cancelled',
  rollingRestarts: 'servers restarted in turn',
  requestsDuringRestarts: 'requests of agents and customers meanwhile',
  retriesDuringRestarts: 'of these, sent again once',
  invariantReads: 'reads of the invariants',
  slowestRecoveryMs: 'slowest return to service, ms',
};

/** What must have come at least, once every kind of fault had its turn: with less a run shows less than is said of it. */
const LEAST: Partial<FaultFigures> = {
  serverKills: 50,
  postgresKills: 20,
  commitsEaten: 200,
  idempotencyKeys: 1_000,
  idempotentTries: 50_000,
  invariantReads: 100_000,
};

export function tooFew(figures: FaultFigures): string[] {
  return Object.entries(LEAST).flatMap(([figure, least]) => {
    const name = figure as keyof FaultFigures;
    return figures[name] < least ? [`${TITLES[name]}: only ${figures[name]} of ${least}`] : [];
  });
}

/** The file has them all. */
const MOST_SHOWN = 20;

export function summaryTable({ seed, minutes, figures, rounds, notRun, violations }: Summary): string {
  const played = new Table({ head: ['round', 'while', 'seconds', ''], style: { head: [], border: [] } });
  for (const { round, scenario, seconds, violations } of rounds)
    played.push([round, scenario, seconds, violations.length === 0 ? 'holds' : `${violations.length} VIOLATIONS`]);
  const counted = new Table({ head: ['', 'count'], colAligns: ['left', 'right'], style: { head: [], border: [] } });
  for (const [figure, title] of Object.entries(TITLES))
    counted.push([title, figures[figure as keyof FaultFigures].toLocaleString('en')]);
  return [
    played.toString(),
    counted.toString(),
    ...notRun,
    ...violations.slice(0, MOST_SHOWN),
    `Seed ${seed}, ${minutes.toFixed(1)} minutes: ${violations.length === 0 ? 'nothing lost, nothing doubled.' : `${violations.length} violations.`}`,
  ].join('\n');
}
