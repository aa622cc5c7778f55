import type pg from 'pg';
import { plus, type Sums } from './programme.amount.js';
import { sumTransfers, type Horizon, type Position } from './sql/read-situation.sql.js';
import { FIRST_ID } from './sweep.js';

type Kept = Pick<Position, 'settledId' | 'settled' | 'summedAtRelease' | 'markId' | 'markXid'>;

/**
 * What all transfers add up to. Ids are given before transactions commit, so a transfer may appear behind newer ones. A transfer
 * counts as settled once every transaction that was under way when it was the newest is over; what is not settled is added up
 * again. What the settled ones add up to is kept, and added up anew while the switch is pulled until two people have let
 * crediting go on: they may remove a forgery.
 */
export async function sumSettling(
  client: pg.ClientBase,
  position: Position,
  horizon: Horizon,
): Promise<{ readonly total: Sums; readonly kept: Kept }> {
  // A restored database counts transactions anew: a mark from another life is taken again.
  const isOfThisLife = position.markXid <= horizon.nextXid;
  const settles = isOfThisLife && position.markXid <= horizon.oldestXid;
  const settledId = settles ? position.markId : position.settledId;
  const mayBePutRight = horizon.switchIsPulled || position.summedAtRelease !== horizon.lastReleaseId;
  const settledBefore = mayBePutRight
    ? (await sumTransfers(client, FIRST_ID, position.settledId)).settling
    : position.settled;
  const sums = await sumTransfers(client, position.settledId, settledId);
  const mark = settles || !isOfThisLife ? { markId: horizon.lastTransferId, markXid: horizon.nextXid } : position;
  return {
    total: plus(settledBefore, sums.all),
    kept: {
      settledId,
      settled: plus(settledBefore, sums.settling),
      summedAtRelease: horizon.lastReleaseId,
      markId: mark.markId,
      markXid: mark.markXid,
    },
  };
}
