import type pg from 'pg';
import type { Finding } from './finding.js';
import { readPortion } from './portion.js';
import { programmeDifferences } from './programme.amount.js';
import { sumSettling } from './settled.js';
import type { Speed } from './speed.amount.js';
import { compareChain } from './sql/compare-chain.sql.js';
import { compareClaims } from './sql/compare-claims.sql.js';
import { compareHours, type CreditHours } from './sql/compare-hours.sql.js';
import { comparePeople } from './sql/compare-people.sql.js';
import { compareTransfers } from './sql/compare-transfers.sql.js';
import { compareWallets } from './sql/compare-wallets.sql.js';
import { lockPosition, readAnnounced, readBalances, readHorizon, type Position } from './sql/read-situation.sql.js';
import { totalDifferences } from './totals.amount.js';

export interface Round {
  readonly findings: readonly Finding[];
  /** To be kept once the findings are told of. */
  readonly position: Position;
}

export interface HowToCompare {
  readonly speed: Speed;
  readonly hours: CreditHours;
  /** New rows of each table in one round. */
  readonly mostRows: number;
}

/**
 * Compares a portion of what was written since the last sweep, which is all unless very much was, one slice each of all
 * wallets, claims and transfers, and what they all hold together, in one instant of the database. The caller's transaction is
 * REPEATABLE READ.
 */
export async function compareOnce(client: pg.ClientBase, { speed, hours, mostRows }: HowToCompare): Promise<Round> {
  const position = await lockPosition(client);
  const horizon = await readHorizon(client);
  const { total, kept: settling } = await sumSettling(client, position, horizon);
  const balances = await readBalances(client);
  const { wallets, claims, transfers, kept: swept } = await readPortion(client, position, horizon, mostRows);
  const chain = await compareChain(client, position.chain);
  const reading = { at: horizon.now.getTime(), count: total.creditedCount, jpy: total.creditedJpy };
  const totals = {
    approvedClaimsJpy: claims.approvedJpy,
    creditedClaimsCount: claims.count,
    creditedClaimsJpy: claims.jpy,
    walletsJpy: wallets.jpy,
    creditsCount: transfers.count,
    creditsJpy: transfers.jpy,
  };
  const findings = [
    ...(await compareTransfers(client, transfers)),
    ...(await compareHours(client, transfers, hours)),
    ...programmeDifferences(total, balances),
    ...(await compareWallets(client, wallets)),
    ...(await compareClaims(client, claims)),
    ...totalDifferences(totals, total, balances.approvedUncreditedJpy),
    ...speed.compare(reading, await readAnnounced(client)),
    ...chain.findings,
    ...(await comparePeople(client)),
  ];
  return { findings, position: { ...settling, ...swept, chain: chain.head } };
}
