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

/** Ids of forged transfers may be far ahead or negative. */
const LAST_ID = 2n ** 63n - 1n;
const FIRST_ID = -(2n ** 63n);

export interface Round {
  readonly findings: readonly Finding[];
  /** To be kept once the findings are told of. */
  readonly position: Position;
  /** The newest transfer there was. */
  readonly lastTransferId: bigint;
}

/**
 * Compares everything that came since the settled transfers, and one slice each of all wallets, claims and transfers, in
 * one instant of the database. The caller's transaction is REPEATABLE READ.
 *
 * Ids are given before transactions commit, so a transfer may appear behind newer ones. A transfer counts as settled once
 * every transaction that was under way when it was the newest is over; what is not settled is compared again. What the settled
 * ones add up to is kept, and added up anew when two people have let crediting go on: they may have removed a forgery.
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
  const settledBefore =
    position.summedAtRelease === horizon.lastReleaseId
      ? position.settled
      : (await sumTransfers(client, FIRST_ID, position.settledId)).settling;
  const sums = await sumTransfers(client, position.settledId, settledId);
  const total = plus(settledBefore, sums.all);
  const wallets = nextSlice(position.walletAfter, horizon.lastWalletId);
  const claims = nextSlice(position.claimAfter, horizon.lastClaimId);
  const transfers = nextSlice(position.transferAfter, horizon.lastTransferId);
  const chain = await compareChain(client, position.chain);
  const reading = { at: horizon.now.getTime(), count: total.creditedCount, jpy: total.creditedJpy };
  const findings = [
    ...(await compareTransfers(client, position.settledId, LAST_ID)),
    ...(await compareHours(client, position.settledId, hours)),
    ...programmeDifferences(total, await readBalances(client)),
    ...(await compareWallets(client, position.settledId, wallets)),
    ...(await compareClaims(client, claims)),
    ...(await compareTransfers(client, transfers.after === 0n ? FIRST_ID : transfers.after, transfers.to)),
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
      walletAfter: wallets.to,
      claimAfter: claims.to,
      transferAfter: transfers.to,
      chain: chain.head,
    },
  };
}
