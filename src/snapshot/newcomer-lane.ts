import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { NewcomerRows } from './newcomer-rows.js';
import type { JudgedRow } from './staged-lines.js';
import { COPY_BALANCES, COPY_HOLDERS, COPY_SEARCH_KEYS } from './sql/write-newcomers.sql.js';

/** What PostgreSQL writes at a time. Three of them are in memory: one is written, one waits for that, one is gathered. */
const PIECE_BYTES = 512 * 1024;

/** One connection that rows are written on, some at a time: while it writes, the next ones are gathered. */
export class NewcomerLane {
  private rows: NewcomerRows;
  private readonly spare: Buffer[] = [];
  private before: Promise<void> = Promise.resolve();
  private writing: Promise<void> = Promise.resolve();

  constructor(
    readonly client: pg.PoolClient,
    private readonly snapshotId: string,
  ) {
    this.rows = new NewcomerRows(snapshotId, this.spare);
  }

  add(holderId: number, judged: JudgedRow): void {
    this.rows.add(holderId, judged);
  }

  get full(): boolean {
    return this.rows.bytes > PIECE_BYTES;
  }

  /** Has what was gathered written, as soon as what is before it is; so many rows of the file are read by now. */
  async hand(read: number): Promise<void> {
    await this.before;
    const { rows } = this;
    this.before = this.writing;
    this.writing = this.before.then(() => this.write(rows, read));
    // It is awaited before the one after the next; until then nobody else looks at it.
    this.writing.catch(() => undefined);
    this.rows = new NewcomerRows(this.snapshotId, this.spare);
  }

  /** Everything handed over is written. */
  written(): Promise<void> {
    return this.writing;
  }

  private async write(rows: NewcomerRows, read: number): Promise<void> {
    for (const [sql, data] of [
      [COPY_HOLDERS, rows.holders],
      [COPY_SEARCH_KEYS, rows.searchKeys],
      [COPY_BALANCES, rows.balances],
    ] as const) {
      await pipeline(Readable.from(data.whole()), this.client.query(copyFrom(sql)));
      data.giveBack();
    }
    // Whoever watches the import reads from here how far it is.
    await this.client.query(`SET LOCAL application_name = 'henkin import ${this.snapshotId} ${read}'`);
  }
}
