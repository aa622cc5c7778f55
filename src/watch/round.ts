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
import { pickRows } from './sql/pick-rows.sql.js';
import {
  lockPosition,
  readAnnounced,
  readBalances,
  readHorizon,
  sumTransfers,
  type Position,
} from './sql/read-situation.sql.js';
import { readTotals } from './sql/read-totals.sql.js';
import { FIRST_ID, goneOn, sweepOf } from './sweep.js';
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
 *
 * Ids are given before transactions commit, so a transfer may appear behind newer ones. A transfer counts as settled once
 * every transaction that was under way when it was the newest is over; what is not settled is added up again. What the settled
 * ones add up to is kept, and added up anew while the switch is pulled until two people have let crediting go on: they may
 * remove a forgery.
 */
export async function compareOnce(client: pg.ClientBase, { speed, hours, mostRows }: HowToCompare): Promise<Round> {
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
  const sweep = sweepOf(position.sweep, horizon);
  const sinceXid = position.comparedXid <= horizon.nextXid ? position.comparedXid : 0n;
  const portion = (after: bigint) => ({ sinceXid, untilXid: sweep.untilXid, after, most: mostRows });
  const slices = {
    wallets: nextSlice(position.walletAfter, horizon.lastWalletId),
    claims: nextSlice(position.claimAfter, horizon.lastClaimId),
    transfers: nextSlice(position.transferAfter, horizon.lastTransferId),
  };
  const wallets = await pickRows(client, 'ledger_account', portion(sweep.sweptTo.walletId), slices.wallets);
  const claims = await pickRows(client, 'claim', portion(sweep.sweptTo.claimId), slices.claims);
  const transfers = await pickRows(client, 'ledger_transfer', portion(sweep.sweptTo.transferId), slices.transfers);
  const chain = await compareChain(client, position.chain);
  const reading = { at: horizon.now.getTime(), count: total.creditedCount, jpy: total.creditedJpy };
  const findings = [
    ...(await compareTransfers(client, transfers)),
    ...(await compareHours(client, transfers, hours)),
    ...programmeDifferences(total, balances),
    ...(await compareWallets(client, wallets, transfers)),
    ...(await compareClaims(client, claims)),
    ...totalDifferences(await readTotals(client), total, balances.approvedUncreditedJpy),
    ...speed.compare(reading, await readAnnounced(client)),
    ...chain.findings,
    ...(await comparePeople(client)),
  ];
  const rest = goneOn(sweep, { walletId: wallets.freshTo, claimId: claims.freshTo, transferId: transfers.freshTo });
  return {
    findings,
    position: {
      settledId,
      settled: plus(settledBefore, sums.settling),
      summedAtRelease: horizon.lastReleaseId,
      ...(settles || !isOfThisLife
        ? { markId: horizon.lastTransferId, markXid: horizon.nextXid }
        : { markId: position.markId, markXid: position.markXid }),
      comparedXid: rest ? sinceXid : sweep.oldestXid,
      seenTransferId: rest ? position.seenTransferId : sweep.lastTransferId,
      sweep: rest,
      walletAfter: slices.wallets.to,
      claimAfter: slices.claims.to,
      transferAfter: slices.transfers.to,
      chain: chain.head,
    },
  };
}
