import type pg from 'pg';
import type { Finding } from './finding.js';
import { plus, programmeDifferences } from './programme.amount.js';
import { nextSlice } from './slices.amount.js';
import type { Speed } from './speed.amount.js';
import { compareChain } from './sql/compare-chain.sql.js';
import { compareClaims } from './sql/compare-claims.sql.js';
import { compareHours, type CreditHours } from './sql/compare-hours.sql.js';
import { comparePeople } from './sql/compare-people.sql.js';
import { compareTransfers } from './sql/compare-transfers.sql.js';
import { compareWallets } from './sql/compare-wallets.sql.js';
import {
  lockPosition,
  readAnnounced,
  readBalances,
  readHorizon,
  sumTransfers,
  type Position,
} from './sql/read-situation.sql.js';
import { readTotals } from './sql/read-totals.sql.js';
import { totalDifferences } from './totals.amount.js';

/** Ids of forged transfers may be negative. */
const FIRST_ID = -(2n ** 63n);

export interface Round {
  readonly findings: readonly Finding[];
  /** To be kept once the findings are told of. */
  readonly position: Position;
  /** The newest transfer there was. */
  readonly lastTransferId: bigint;
}

/**
 * Compares all that was written since the last round, one slice each of all wallets, claims and transfers, and what they all
 * hold together, in one instant of the database. The caller's transaction is REPEATABLE READ.
 *
 * Ids are given before transactions commit, so a transfer may appear behind newer ones. A transfer counts as settled once
 * every transaction that was under way when it was the newest is over; what is not settled is added up again. What the settled
 * ones add up to is kept, and added up anew while the switch is pulled until two people have let crediting go on: they may
 * remove a forgery.
 */
export async function compareOnce(
  client: pg.ClientBase,
  { speed, hours }: { readonly speed: Speed; readonly hours: CreditHours },
): Promise<Round> {
  const position = await lockPosition(client);
  const horizon = await readHorizon(client);
  // A restored database counts transactions anew: a mark from another life is taken again.
  const isOfThisLife = position.markXid <= horizon.nextXid;
  const settles = isOfThisLife && position.markXid <= horizon.oldestXid;
  const settledId = settles ? position.markId : position.settledId;
  const mayBePutRight = horizon.switchIsPulled || position.summedAtRelease !== horizon.lastReleaseId;
  const settledBefore = mayBePutRight
    ? (await sumTransfers(client, FIRST_ID, position.settledId)).settling
    : position.settled;
  const sums = await sumTransfers(client, position.settledId, settledId);
  const total = plus(settledBefore, sums.all);
  const balances = await readBalances(client);
  const writtenSince = position.comparedXid <= horizon.nextXid ? position.comparedXid : 0n;
  const wallets = nextSlice(position.walletAfter, horizon.lastWalletId);
  const claims = nextSlice(position.claimAfter, horizon.lastClaimId);
  const transfers = nextSlice(position.transferAfter, horizon.lastTransferId);
  const chain = await compareChain(client, position.chain);
  const reading = { at: horizon.now.getTime(), count: total.creditedCount, jpy: total.creditedJpy };
  const findings = [
    ...(await compareTransfers(client, { writtenSince, slice: transfers })),
    ...(await compareHours(client, position.settledId, hours)),
    ...programmeDifferences(total, balances),
    ...(await compareWallets(client, position.settledId, { writtenSince, slice: wallets })),
    ...(await compareClaims(client, { writtenSince, slice: claims })),
    ...totalDifferences(await readTotals(client), total, balances.approvedUncreditedJpy),
    ...speed.compare(reading, await readAnnounced(client)),
    ...chain.findings,
    ...(await comparePeople(client)),
  ];
  return {
    findings,
    lastTransferId: horizon.lastTransferId,
    position: {
      settledId,
      settled: plus(settledBefore, sums.settling),
      summedAtRelease: horizon.lastReleaseId,
      ...(settles || !isOfThisLife
        ? { markId: horizon.lastTransferId, markXid: horizon.nextXid }
        : { markId: position.markId, markXid: position.markXid }),
      comparedXid: horizon.oldestXid,
      walletAfter: wallets.to,
      claimAfter: claims.to,
      transferAfter: transfers.to,
      chain: chain.head,
    },
  };
}
