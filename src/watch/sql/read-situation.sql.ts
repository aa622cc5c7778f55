import type pg from 'pg';
import type { Sums } from '../programme.amount.js';
import type { Sweep } from '../sweep.js';
import type { ChainHead } from './compare-chain.sql.js';

/** How far the watch had come, as it is kept. */
export interface Position {
  readonly settledId: bigint;
  readonly settled: Sums;
  /** The last release of the switch when the settled sums were added up. */
  readonly summedAtRelease: bigint;
  readonly markId: bigint;
  readonly markXid: bigint;
  /** Rows that this or a later transaction wrote have not been compared yet, all others have; */
  readonly comparedXid: bigint;
  /** and, of later ones, what these wrote. */
  readonly comparedXids: readonly string[];
  /** The newest transfer that was there when the last sweep began that is done. */
  readonly seenTransferId: bigint;
  /** Null between two sweeps. */
  readonly sweep: Sweep | null;
  readonly walletAfter: bigint;
  readonly claimAfter: bigint;
  readonly transferAfter: bigint;
  readonly chain: ChainHead;
}

/** Where the instant of a round stands: ids that are there, and transactions that are not over. */
export interface Horizon {
  readonly now: Date;
  /** The newest whose id was given by the database; a forged one may be far ahead. */
  readonly lastTransferId: bigint;
  readonly lastWalletId: bigint;
  readonly lastClaimId: bigint;
  readonly lastReleaseId: bigint;
  /** Nothing is credited now: people may be putting something right. */
  readonly switchIsPulled: boolean;
  /** All transactions before this one are over. */
  readonly oldestXid: bigint;
  /** This and all later ones had not begun. */
  readonly nextXid: bigint;
}

/** Of transfers: those that are settled with this round, and all after the settled ones of before. */
export interface NewSums {
  readonly settling: Sums;
  readonly all: Sums;
}

export interface Balances {
  readonly ownFundsJpy: bigint;
  readonly compensationFundJpy: bigint;
  readonly approvedUncreditedJpy: bigint;
}

/** What has been announced: batches that are under way, or were within the last minute. */
export interface Announced {
  readonly count: bigint;
  readonly jpy: bigint;
}

type Row = Record<string, string>;
type PositionRow = Row & Readonly<Record<'compared_xids' | 'sweep_writer_xids', string[]>>;

/** Locks the one row until the round is over: two watches take turns. Errors: lock_not_available while the other works. */
export async function lockPosition(client: pg.ClientBase): Promise<Position> {
  const row = await one<PositionRow>(
    client,
    `SELECT p.*, encode(p.chain_hash, 'hex') AS chain_hash, h.transfer_id AS seen_transfer_id
     FROM watch_position p JOIN watch_heartbeat h ON h.id = p.id WHERE p.id = 1 FOR UPDATE OF p NOWAIT`,
  );
  return {
    settledId: big(row.settled_id),
    settled: {
      fundedJpy: big(row.funded_jpy),
      approvedJpy: big(row.approved_jpy),
      withdrawnJpy: big(row.withdrawn_jpy),
      creditedJpy: big(row.credited_jpy),
      creditedCount: big(row.credited_count),
    },
    summedAtRelease: big(row.summed_at_release),
    markId: big(row.mark_id),
    markXid: big(row.mark_xid),
    comparedXid: big(row.compared_xid),
    comparedXids: row.compared_xids,
    seenTransferId: big(row.seen_transfer_id),
    sweep: sweepIn(row),
    walletAfter: big(row.wallet_after),
    claimAfter: big(row.claim_after),
    transferAfter: big(row.transfer_after),
    chain: { seq: big(row.chain_seq), hash: row.chain_hash ?? null },
  };
}

function sweepIn(row: PositionRow): Sweep | null {
  const untilXid = big(row.sweep_until_xid);
  if (untilXid === 0n) return null;
  return {
    untilXid,
    oldestXid: big(row.sweep_oldest_xid),
    writers: row.sweep_writer_xids,
    lastTransferId: big(row.sweep_transfer_id),
    sweptTo: {
      walletId: big(row.sweep_wallet_after),
      claimId: big(row.sweep_claim_after),
      transferId: big(row.sweep_transfer_after),
    },
  };
}

export async function readHorizon(client: pg.ClientBase): Promise<Horizon> {
  const row = await one(
    client,
    `SELECT pg_snapshot_xmin(s)::text AS oldest, pg_snapshot_xmax(s)::text AS next, extract(epoch FROM clock_timestamp()) * 1000 AS now,
            (SELECT coalesce(max(id), 0) FROM ledger_transfer WHERE id <= (SELECT last_value FROM ledger_transfer_id_seq)) AS transfer, (SELECT coalesce(max(id), 0) FROM ledger_account) AS wallet,
            (SELECT coalesce(max(id), 0) FROM claim) AS claim, (SELECT coalesce(max(release_id), 0) FROM kill_switch_pull) AS release,
            (SELECT count(*) FROM kill_switch_pull WHERE release_id IS NULL) AS pulled
     FROM pg_current_snapshot() AS s`,
  );
  return {
    now: new Date(Number(row.now)),
    lastTransferId: big(row.transfer),
    lastWalletId: big(row.wallet),
    lastClaimId: big(row.claim),
    lastReleaseId: big(row.release),
    switchIsPulled: big(row.pulled) > 0n,
    oldestXid: big(row.oldest),
    nextXid: big(row.next),
  };
}

/** Walks the index of transfers from the settled ones on; a few chunks at most while a batch runs. */
export async function sumTransfers(client: pg.ClientBase, afterId: bigint, settleToId: bigint): Promise<NewSums> {
  const columns = (name: string, within: string) => `
    coalesce(sum(amount_jpy) FILTER (WHERE kind = 'funding'${within}), 0) AS ${name}_funded,
    coalesce(sum(amount_jpy) FILTER (WHERE kind = 'approval'${within}), 0) AS ${name}_approved,
    coalesce(sum(amount_jpy) FILTER (WHERE kind = 'approval_withdrawal'${within}), 0) AS ${name}_withdrawn,
    coalesce(sum(amount_jpy) FILTER (WHERE kind = 'credit'${within}), 0) AS ${name}_credited,
    count(*) FILTER (WHERE kind = 'credit'${within}) AS ${name}_count`;
  const row = await one(
    client,
    `SELECT ${columns('settling', ' AND id <= $2')}, ${columns('new', '')} FROM ledger_transfer WHERE id > $1`,
    [afterId, settleToId],
  );
  const sums = (name: string): Sums => ({
    fundedJpy: big(row[`${name}_funded`]),
    approvedJpy: big(row[`${name}_approved`]),
    withdrawnJpy: big(row[`${name}_withdrawn`]),
    creditedJpy: big(row[`${name}_credited`]),
    creditedCount: big(row[`${name}_count`]),
  });
  return { settling: sums('settling'), all: sums('new') };
}

export async function readBalances(client: pg.ClientBase): Promise<Balances> {
  const { rows } = await client.query<Row>('SELECT kind, balance_jpy FROM ledger_account WHERE holder_id IS NULL');
  const of = (kind: string) => big(rows.find((row) => row.kind === kind)?.balance_jpy);
  return {
    ownFundsJpy: of('own_funds'),
    compensationFundJpy: of('compensation_fund'),
    approvedUncreditedJpy: of('approved_uncredited'),
  };
}

export async function readAnnounced(client: pg.ClientBase): Promise<Announced> {
  const row = await one(
    client,
    `SELECT coalesce(sum(item_count), 0) AS count, coalesce(sum(total_jpy), 0) AS jpy FROM credit_batch
     WHERE status IN ('executing', 'paused') OR finished_at > now() - interval '2 minutes'`,
  );
  return { count: big(row.count), jpy: big(row.jpy) };
}

/** Written in the transaction of the comparison that came this far, with the sign of life. Of the writers, those stay that are not older than all that is compared. */
export async function keepPosition(client: pg.ClientBase, position: Position): Promise<void> {
  const { settled, chain, sweep } = position;
  await client.query(
    `UPDATE watch_position SET settled_id = $1, funded_jpy = $2, approved_jpy = $3, withdrawn_jpy = $4, credited_jpy = $5, credited_count = $6,
       mark_id = $7, mark_xid = $8, wallet_after = $9, claim_after = $10, transfer_after = $11, chain_seq = $12, chain_hash = decode($13, 'hex'), summed_at_release = $14,
       compared_xid = $15, sweep_until_xid = $16, sweep_oldest_xid = $17, sweep_transfer_id = $18, sweep_wallet_after = $19, sweep_claim_after = $20, sweep_transfer_after = $21,
       sweep_writer_xids = $22, compared_xids = ARRAY (SELECT xid FROM unnest($23::bigint[]) AS xid WHERE age(xid::text::xid) <= age($15::bigint::text::xid8::xid))
     WHERE id = 1`,
    [
      position.settledId,
      settled.fundedJpy,
      settled.approvedJpy,
      settled.withdrawnJpy,
      settled.creditedJpy,
      settled.creditedCount,
      position.markId,
      position.markXid,
      position.walletAfter,
      position.claimAfter,
      position.transferAfter,
      chain.seq,
      chain.hash,
      position.summedAtRelease,
      position.comparedXid,
      sweep?.untilXid ?? 0n,
      sweep?.oldestXid ?? 0n,
      sweep?.lastTransferId ?? 0n,
      sweep?.sweptTo.walletId ?? 0n,
      sweep?.sweptTo.claimId ?? 0n,
      sweep?.sweptTo.transferId ?? 0n,
      sweep?.writers ?? [],
      position.comparedXids,
    ],
  );
  await client.query('UPDATE watch_heartbeat SET seen_at = now(), transfer_id = $1 WHERE id = 1', [
    position.seenTransferId,
  ]);
}

async function one<R extends Row = Row>(
  client: pg.ClientBase,
  sql: string,
  params: readonly bigint[] = [],
): Promise<R> {
  const { rows } = await client.query<R>(sql, [...params]);
  const [row] = rows;
  if (!row) throw new Error('the watch has no position: its migration is missing');
  return row;
}

/** A bigint or a numeric without decimals, as the driver gives them. */
function big(text: string | undefined): bigint {
  return BigInt(text ?? 'missing');
}
