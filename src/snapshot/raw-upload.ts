import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SpooledFile } from '../holder/upload.js';
import type { Tx } from '../platform/database/database.js';

const compress = promisify(gzip);
/** Pieces of the raw upload; each is compressed by itself, and together they are one gzip stream. */
const CHUNK_BYTES = 1024 * 1024;

/** Keeps an uploaded file in the database, so that any worker can import it. */
export async function keepFile(
  tx: Tx,
  snapshotId: string,
  part: 'rows' | 'exclusions',
  file: SpooledFile,
): Promise<void> {
  let seq = 0;
  let kept: Promise<unknown> = Promise.resolve();
  for await (const chunk of createReadStream(file.path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    const content = new Uint8Array(await compress(chunk, { level: 1 }));
    await kept;
    // Not `create`, which would have the database send all of it back. The next piece is compressed meanwhile.
    kept = tx.snapshotFile.createMany({ data: [{ snapshotId, part, seq, content }] });
    kept.catch(() => undefined);
    seq += 1;
  }
  await kept;
}
