import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Tx } from '../platform/database/database.js';
import { headerFlaw } from './columns.js';
import { readHeader, Undecodable, type Charset } from './csv-source.js';
import { HeaderRefused, UploadRefused } from './snapshot.errors.js';
import type { SpooledFile } from './upload.js';

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
  for await (const chunk of createReadStream(file.path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    const content = new Uint8Array(await compress(chunk, { level: 1 }));
    await tx.snapshotFile.create({ data: { snapshotId, part, seq, content } });
    seq += 1;
  }
}

/** Says at once what is wrong with a file before anything of it is stored. */
export async function assertHeader(
  name: 'file' | 'exclusions',
  file: SpooledFile,
  charset: Charset,
  known: readonly string[],
  optional: readonly string[],
): Promise<void> {
  if (file.bytes === 0)
    throw new UploadRefused('file_empty', `The file ${name} is empty.`, `ファイル ${name} が空です。`);
  const read = await readHeader(file.path, charset).catch((error: unknown) => {
    if (error instanceof Undecodable)
      throw new UploadRefused(
        'charset_unreadable',
        `The file ${name} is not ${charset}: line ${error.lineNo} cannot be decoded.`,
        `ファイル ${name} は ${charset} として読み取れません(${error.lineNo} 行目)。`,
      );
    throw new UploadRefused(
      'csv_unreadable',
      `The first lines of ${name} are not CSV.`,
      `ファイル ${name} の先頭は CSV として読み取れません。`,
    );
  });
  if (!read) throw new UploadRefused('file_empty', `The file ${name} is empty.`, `ファイル ${name} が空です。`);
  const flaw = headerFlaw(read.header, known, optional);
  if (flaw) throw new HeaderRefused(name, flaw);
  if (!read.hasRows && name === 'file')
    throw new UploadRefused(
      'file_without_rows',
      'The file has a header and no row.',
      'ヘッダーのみで、データ行がありません。',
    );
}
