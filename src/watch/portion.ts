import type pg from 'pg';
import { nextSlice } from './slices.amount.js';
import type { Horizon, Position } from './sql/read-situation.sql.js';
import { readTable, type Portion, type TableReading } from './sql/read-table.sql.js';
import { beginSweep, goneOn } from './sweep.js';

/** More of them are compared once more instead of being kept. */
const MOST_WRITERS = 10_000;

type Kept = Omit<Position, 'settledId' | 'settled' | 'summedAtRelease' | 'markId' | 'markXid' | 'chain'>;

/** What a round reads of wallets, claims and transfers. */
export interface ReadPortion {
  readonly wallets: TableReading;
  readonly claims: TableReading;
  readonly transfers: TableReading;
  readonly kept: Kept;
}

/** Goes on with the sweep that is under way, or begins one, by `most` rows of each table; and with the slices of all rows. */
export async function readPortion(
  client: pg.ClientBase,
  position: Position,
  horizon: Horizon,
  most: number,
): Promise<ReadPortion> {
  // A restored database counts transactions anew: what was compared in another life is compared again.
  const isOfThisLife = position.comparedXid <= horizon.nextXid && (position.sweep?.untilXid ?? 0n) <= horizon.nextXid;
  const underWay = isOfThisLife ? position.sweep : null;
  const sweep = underWay ?? beginSweep(horizon);
  const compared = isOfThisLife
    ? { comparedXid: position.comparedXid, comparedXids: position.comparedXids }
    : { comparedXid: 0n, comparedXids: [] };
  const wallets = nextSlice(position.walletAfter, horizon.lastWalletId);
  const claims = nextSlice(position.claimAfter, horizon.lastClaimId);
  const transfers = nextSlice(position.transferAfter, horizon.lastTransferId);
  const portion = (after: bigint): Portion => ({
    ...compared,
    untilXid: sweep.untilXid,
    writersFromXid: underWay || horizon.oldestXid === horizon.nextXid ? null : horizon.oldestXid,
    after,
    most,
  });
  const read = {
    wallets: await readTable(client, 'ledger_account', portion(sweep.sweptTo.walletId), wallets),
    claims: await readTable(client, 'claim', portion(sweep.sweptTo.claimId), claims),
    transfers: await readTable(client, 'ledger_transfer', portion(sweep.sweptTo.transferId), transfers),
  };
  const readings = [read.wallets, read.claims, read.transfers];
  const met = underWay?.writers ?? [...new Set(readings.flatMap((reading) => reading.writers))];
  const writers = met.slice(0, MOST_WRITERS);
  const rest = goneOn(
    { ...sweep, writers },
    { walletId: read.wallets.freshTo, claimId: read.claims.freshTo, transferId: read.transfers.freshTo },
  );
  return {
    ...read,
    kept: {
      ...(rest ? compared : { comparedXid: sweep.oldestXid, comparedXids: [...compared.comparedXids, ...writers] }),
      seenTransferId: rest ? position.seenTransferId : sweep.lastTransferId,
      sweep: rest,
      walletAfter: wallets.to,
      claimAfter: claims.to,
      transferAfter: transfers.to,
    },
  };
}
