import type pg from 'pg';
import type { Columns } from './chain-hash.js';

const FETCHED_AT_ONCE = 500;

/** One instant of a database, read row after row; nothing can be written through it, and memory stays flat. */
export class ReadOnlyCopy {
  private opened = 0;

  private constructor(private readonly client: pg.ClientBase) {}

  /** The caller has begun a transaction, in which nothing was read yet. */
  static async of(client: pg.ClientBase): Promise<ReadOnlyCopy> {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Every cursor is read to its end: the way that is soonest at its first rows is not the one that is soonest done.
    await client.query('SET LOCAL cursor_tuple_fraction = 1');
    // Rows are read in an order; hundreds of thousands of them are put into it without a detour over the disk.
    await client.query(`SET LOCAL work_mem = '64MB'`);
    return new ReadOnlyCopy(client);
  }

  /**
   * Rows as columns of text. `sql` casts what is not text and has no parameters. The database already reads the next rows
   * while the caller works on these.
   */
  async *rows(sql: string): AsyncGenerator<Columns> {
    this.opened += 1;
    const cursor = `copy_${this.opened}`;
    await this.client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`);
    const readMore = () =>
      this.client.query<(string | null)[]>({ text: `FETCH ${FETCHED_AT_ONCE} FROM ${cursor}`, rowMode: 'array' });
    let reading = readMore();
    try {
      for (;;) {
        const { rows } = await reading;
        if (rows.length < FETCHED_AT_ONCE) return yield* rows;
        reading = readMore();
        // Whoever stops reading early does not wait for it.
        reading.catch(() => undefined);
        yield* rows;
      }
    } finally {
      await this.client.query(`CLOSE ${cursor}`).catch(() => undefined);
    }
  }

  /** The first row, or null if there is none. For short questions. */
  async first(sql: string, parameters: readonly unknown[] = []): Promise<Columns | null> {
    const { rows } = await this.client.query<(string | null)[]>({
      text: sql,
      values: [...parameters],
      rowMode: 'array',
    });
    return rows[0] ?? null;
  }
}
