import type pg from 'pg';
import type { Bytes } from '../holder/csv-source.js';
import { connectionOfTransaction } from '../platform/database/transaction-watch.js';

type Part = 'rows' | 'exclusions';

/**
 * Keeps an uploaded file in the database, so that any worker can import it, in the transaction that runs. Not through
 * Prisma, which would write each piece as text, twice.
 */
export async function keepFile(snapshotId: string, part: Part, packed: Bytes): Promise<void> {
  const connection = connectionOfTransaction();
  let seq = 0;
  for await (const piece of packed()) {
    await connection.query('INSERT INTO snapshot_file (snapshot_id, part, seq, content) VALUES ($1, $2, $3, $4)', [
      snapshotId,
      part,
      seq,
      piece,
    ]);
    seq += 1;
  }
}

/** The pieces of a kept file, packed as they are. */
export function keptFile(pool: pg.Pool, snapshotId: string, part: Part): Bytes {
  return async function* () {
    for (let seq = 0; ; seq += 1) {
      const { rows } = await pool.query<{ content: Buffer }>(
        'SELECT content FROM snapshot_file WHERE snapshot_id = $1 AND part = $2 AND seq = $3',
        [snapshotId, part, seq],
      );
      if (!rows[0]) return;
      yield rows[0].content;
    }
  };
}
