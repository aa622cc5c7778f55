import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { noteUnreadable } from '../holder/csv-source.js';
import { RowErrorList } from '../holder/row-error-list.js';
import { compareTotals, type Declared, type Totals } from './control-totals.js';
import { NewcomerRows, RowsDigest } from './newcomer-rows.js';
import { judgedRows, readExclusions, type JudgedRow } from './staged-lines.js';
import {
  BE_THE_ONLY_ONE,
  COPY_BALANCES,
  COPY_HOLDERS,
  COPY_SEARCH_KEYS,
  RESERVE_HOLDER_IDS,
  WRITTEN,
} from './sql/write-newcomers.sql.js';

/** What is read and judged at a time, while PostgreSQL writes the piece before it: two of them are in memory. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Not everything about the file is right, or not everybody in it is new. Nothing of it is written. */
export class NotAllNew extends Error {
  constructor() {
    super('the file has faults or known customers');
  }
}

/** No row is shorter: a separator between all columns, and each of those that must be there in its shortest form. */
const SHORTEST_ROW = 30n;

/**
 * Writes a file in which every row is right and every customer new, in the transaction of `client`; what stands in the way
 * is not said, only that something does. Errors: NotAllNew.
 */
export async function importNewcomers(
  client: pg.PoolClient,
  snapshot: Declared & { readonly fileBytes: bigint },
  files: Record<'rows' | 'exclusions', string>,
): Promise<Totals> {
  const errors = new RowErrorList();
  const exclusions = await readExclusions(files.exclusions, snapshot.charset, errors);
  const rows = judgedRows(files.rows, snapshot.charset, exclusions, errors);
  const firstId = await reserveIds(client, snapshot);
  const digest = await writeAll(client, snapshot.id, firstId, rows, errors).catch((error: unknown) => {
    if (error instanceof NotAllNew || meetsKnown(error)) throw new NotAllNew();
    noteUnreadable(error, errors);
    throw new NotAllNew();
  });
  const { rows: sealed } = await client.query(`SELECT 1 FROM snapshot WHERE kind = 'base' AND status = 'sealed'`);
  const [counted] = (await client.query<Omit<Totals, 'rows_digest'>>(WRITTEN, [snapshot.id])).rows;
  if (!counted || (snapshot.kind === 'base' && sealed.length > 0)) throw new NotAllNew();
  const totals = { ...counted, rows_digest: digest };
  compareTotals(snapshot, totals, errors);
  if (errors.count > 0 || [...exclusions.values()].some(({ met }) => !met)) throw new NotAllNew();
  return totals;
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

/** Answers the digest of all rows. Errors: NotAllNew, and those of reading the file. */
async function writeAll(
  client: pg.PoolClient,
  snapshotId: string,
  firstId: number,
  rows: AsyncGenerator<Iterable<JudgedRow>>,
  errors: RowErrorList,
): Promise<string> {
  const digest = new RowsDigest();
  let [piece, read] = [new NewcomerRows(snapshotId), 0];
  let writing: Promise<void> = Promise.resolve();
  const hand = async () => {
    await writing;
    writing = write(client, piece, `henkin import ${snapshotId} ${read}`);
    // It is awaited before the next one; until then nobody else looks at it.
    writing.catch(() => undefined);
    piece = new NewcomerRows(snapshotId);
  };
  try {
    for await (const some of rows) {
      for (const judged of some) {
        piece.add(firstId + read, judged);
        digest.add(judged);
        read += 1;
      }
      if (errors.count > 0) throw new NotAllNew();
      if (piece.bytes > PIECE_BYTES) await hand();
    }
    await hand();
    await writing;
  } finally {
    // The transaction is given up only when nothing is on its way any more.
    await writing.catch(() => undefined);
  }
  return digest.hex();
}

async function write(client: pg.PoolClient, rows: NewcomerRows, progress: string): Promise<void> {
  for (const [sql, data] of [
    [COPY_HOLDERS, rows.holders],
    [COPY_SEARCH_KEYS, rows.searchKeys],
    [COPY_BALANCES, rows.balances],
  ] as const)
    await pipeline(Readable.from(data.whole()), client.query(copyFrom(sql)));
  // Whoever watches the import reads from here how far it is.
  await client.query(`SET LOCAL application_name = '${progress}'`);
}

function meetsKnown(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'holder_customer_no_key';
}
