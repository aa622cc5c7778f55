import pg from 'pg';
import { noteUnreadable, type Bytes } from '../holder/csv-source.js';
import { RowErrorList } from '../holder/row-error-list.js';
import { Decimal } from '../platform/decimal.js';
import { compareTotals, type Declared, type Totals } from './control-totals.js';
import { NewcomerLane } from './newcomer-lane.js';
import { RowsDigest } from './newcomer-rows.js';
import { judgedRows, readExclusions, type JudgedRow } from './staged-lines.js';
import { BE_THE_ONLY_ONE, RESERVE_HOLDER_IDS, WRITTEN } from './sql/write-newcomers.sql.js';

/** Not everything about the file is right, or not everybody in it is new. Nothing of it is written. */
export class NotAllNew extends Error {
  constructor() {
    super('the file has faults or known customers');
  }
}

/** No row is shorter: a separator between all columns, and each of those that must be there in its shortest form. */
const SHORTEST_ROW = 30n;

/** What one connection has written. */
type Written = Omit<Totals, 'rows_digest'>;

/**
 * Writes a file in which every row is right and every customer new, in the transactions of `clients`, whose rows go side by
 * side; what stands in the way is not said, only that something does. Errors: NotAllNew.
 */
export async function importNewcomers(
  clients: readonly [pg.PoolClient, ...pg.PoolClient[]],
  snapshot: Declared & { readonly fileBytes: bigint },
  files: Record<'rows' | 'exclusions', Bytes>,
): Promise<Totals> {
  const [first] = clients;
  const errors = new RowErrorList();
  const exclusions = await readExclusions(files.exclusions, snapshot.charset, errors);
  const rows = judgedRows(files.rows, snapshot.charset, exclusions, errors);
  const firstId = await reserveIds(first, snapshot);
  // One that gets few rows waits for the others as long as they need.
  for (const client of clients) await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  const lanes = clients.map((client) => new NewcomerLane(client, snapshot.id));
  const digest = await writeAll(lanes, firstId, rows, errors).catch((error: unknown) => {
    if (error instanceof NotAllNew || meetsKnown(error)) throw new NotAllNew();
    noteUnreadable(error, errors);
    throw new NotAllNew();
  });
  const { rows: sealed } = await first.query(`SELECT 1 FROM snapshot WHERE kind = 'base' AND status = 'sealed'`);
  if (snapshot.kind === 'base' && sealed.length > 0) throw new NotAllNew();
  const totals = { ...(await countWritten(clients, snapshot.id)), rows_digest: digest };
  compareTotals(snapshot, totals, errors);
  if (errors.count > 0 || [...exclusions.values()].some(({ met }) => !met)) throw new NotAllNew();
  return totals;
}

/** What all of them have written together, as the database counts it; none sees yet what another has written. */
async function countWritten(clients: readonly pg.PoolClient[], snapshotId: string): Promise<Written> {
  const parts = await Promise.all(
    clients.map(async (client) => (await client.query<Written>(WRITTEN, [snapshotId])).rows[0]),
  );
  const sum = (column: keyof Written, decimals: number) =>
    parts.reduce((total, part) => total.plus(part?.[column] ?? 'NaN'), new Decimal(0)).toFixed(decimals);
  return {
    row_count: sum('row_count', 0),
    total_xem: sum('total_xem', 6),
    payable_count: sum('payable_count', 0),
    payable_total_xem: sum('payable_total_xem', 6),
    excluded_count: sum('excluded_count', 0),
    excluded_total_xem: sum('excluded_total_xem', 6),
  };
}

/** Ids for as many holders as are declared; more than that, or more than the file can hold, would not be taken over anyway. */
async function reserveIds(
  client: pg.PoolClient,
  { declaredCount, fileBytes }: { readonly declaredCount: bigint; readonly fileBytes: bigint },
): Promise<number> {
  if (declaredCount * SHORTEST_ROW > fileBytes) throw new NotAllNew();
  const { rows: locked } = await client.query<{ alone: boolean }>(BE_THE_ONLY_ONE);
  if (!locked[0]?.alone) throw new NotAllNew();
  const { rows } = await client.query<{ first: string; unbroken: boolean }>(RESERVE_HOLDER_IDS, [declaredCount]);
  if (!rows[0]?.unbroken) throw new NotAllNew();
  return Number(rows[0].first);
}

/** Answers the digest of all rows. Errors: NotAllNew, those of reading the file, and what the database refuses. */
async function writeAll(
  lanes: readonly NewcomerLane[],
  firstId: number,
  rows: AsyncGenerator<Iterable<JudgedRow>>,
  errors: RowErrorList,
): Promise<string> {
  const digest = new RowsDigest();
  let read = 0;
  try {
    for await (const some of rows) {
      for (const judged of some) {
        // Nothing below is made for a row with faults.
        if (judged.flawed) throw new NotAllNew();
        lanes[laneOf(judged.row.customer_no, lanes.length)]?.add(firstId + read, judged);
        digest.add(judged);
        read += 1;
      }
      if (errors.count > 0) throw new NotAllNew();
      for (const lane of lanes) if (lane.full) await lane.hand(read);
    }
    for (const lane of lanes) await lane.hand(read);
    for (const lane of lanes) await lane.written();
  } finally {
    // The transactions are given up only when nothing is on its way any more.
    await Promise.allSettled(lanes.map((lane) => lane.written()));
  }
  return digest.hex();
}

/**
 * All rows of one customer go the same way: were they on two connections, one would wait for the end of the other, which
 * would wait for it.
 */
function laneOf(customerNo: string, lanes: number): number {
  let mixed = 0;
  for (let at = 0; at < customerNo.length; at += 1) mixed = Math.imul(mixed ^ customerNo.charCodeAt(at), 0x01000193);
  // The upper half: there, every character has had its say.
  return (mixed >>> 16) % lanes;
}

function meetsKnown(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'holder_customer_no_key';
}
