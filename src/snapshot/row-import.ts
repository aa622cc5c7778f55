import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Bytes } from '../holder/csv-source.js';
import type { RowErrorList } from '../holder/row-error-list.js';
import { compareTotals, type Declared, type Totals } from './control-totals.js';
import { readExclusions, stagedLines } from './staged-lines.js';
import {
  ALREADY_SEALED,
  COPY_STAGING,
  CREATE_STAGING,
  DUPLICATES,
  EMPTY_STAGING,
  MEETS_OTHERS,
  NOTE_ROWS,
  TOTALS,
} from './sql/staging.sql.js';
import { TAKE_OVER_ROWS } from './sql/take-over-rows.sql.js';

/** What is read and judged at a time, while PostgreSQL takes over the piece before it: two of them are in memory. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** The file has faults: what was taken over of it is undone with its transaction, and the faults are on the list. */
export class FaultyRows extends Error {
  constructor(readonly totals: Totals | null) {
    super('the file has faulty rows');
  }
}

/** Reads, checks and takes over all rows in the transaction of `client`. Errors: FaultyRows. */
export async function importRows(
  client: pg.PoolClient,
  snapshot: Declared,
  files: Record<'rows' | 'exclusions', Bytes>,
  errors: RowErrorList,
): Promise<Totals> {
  await client.query(CREATE_STAGING);
  const exclusions = await readExclusions(files.exclusions, snapshot.charset, errors);
  const lines = stagedLines(files.rows, snapshot.charset, exclusions, errors);
  const whole = await takeOver(client, snapshot.id, ahead(pieces(lines)), errors);
  for (const [customerNo, { met, lineNo }] of exclusions)
    if (!met) errors.add({ lineNo, column: 'customer_no', value: customerNo, code: 'exclusion_not_in_file' });
  await noteDoubles(client, errors);
  const { rows: sealed } = await client.query(`SELECT 1 FROM snapshot WHERE kind = 'base' AND status = 'sealed'`);
  if (snapshot.kind === 'base' && sealed.length > 0)
    errors.add({ lineNo: null, column: null, value: null, code: 'second_base' });
  const [totals] = (await client.query<Totals>(TOTALS)).rows;
  if (totals) compareTotals(snapshot, totals, errors);
  if (errors.count > 0) throw new FaultyRows(totals ?? null);
  if (!whole || !totals) throw new Error('a piece was left out for a double that nothing names');
  return totals;
}

/** Takes over piece by piece up to the first fault, and only reads on from there. Answers whether it took over all. */
async function takeOver(
  client: pg.PoolClient,
  snapshotId: string,
  from: AsyncGenerator<Buffer>,
  errors: RowErrorList,
): Promise<boolean> {
  let whole = true;
  let read = 0;
  for await (const piece of from) {
    await client.query(EMPTY_STAGING);
    await pipeline(Readable.from([piece]), client.query(copyFrom(COPY_STAGING)));
    read += (await client.query(NOTE_ROWS)).rowCount ?? 0;
    // Whoever watches the import reads from here how far it is.
    await client.query(`SET LOCAL application_name = 'henkin import ${snapshotId} ${read}'`);
    whole = whole && errors.count === 0 && !(await meetsOthers(client, snapshotId));
    if (whole) await client.query(TAKE_OVER_ROWS, [snapshotId]);
  }
  return whole;
}

async function meetsOthers(client: pg.PoolClient, snapshotId: string): Promise<boolean> {
  const { rows } = await client.query<{ meets: boolean }>(MEETS_OTHERS, [snapshotId]);
  return rows[0]?.meets ?? true;
}

async function noteDoubles(client: pg.PoolClient, errors: RowErrorList): Promise<void> {
  for (const [sql, code] of [
    [DUPLICATES, 'customer_twice'],
    [ALREADY_SEALED, 'customer_in_sealed_snapshot'],
  ] as const) {
    const { rows } = await client.query<{ line_no: string; customer_no: string }>(sql);
    for (const row of rows)
      errors.add({ lineNo: Number(row.line_no), column: 'customer_no', value: row.customer_no, code });
  }
}

/** As bytes, in two buffers by turns: one is sent while the other is filled, so that no file's size shows in memory. */
async function* pieces(lines: AsyncGenerator<string>): AsyncGenerator<Buffer> {
  let [filling, sent] = [Buffer.allocUnsafeSlow(PIECE_BYTES), Buffer.allocUnsafeSlow(PIECE_BYTES)];
  let bytes = 0;
  for await (const text of lines) {
    if (bytes + Buffer.byteLength(text) > PIECE_BYTES) {
      yield filling.subarray(0, bytes);
      [filling, sent, bytes] = [sent, filling, 0];
    }
    bytes += filling.write(text, bytes);
  }
  if (bytes > 0) yield filling.subarray(0, bytes);
}

/** Asks for the next one before the one in hand is done with. */
async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    let next = source.next();
    for (let found = await next; !found.done; found = await next) {
      next = source.next();
      // It is awaited above; until then nobody else looks at it.
      next.catch(() => undefined);
      yield found.value;
    }
  } finally {
    await source.return(undefined);
  }
}
