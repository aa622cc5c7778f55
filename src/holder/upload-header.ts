import { unpacked } from './packed.js';
import { readHeader, Undecodable, type Charset } from './csv-source.js';
import { headerFlaw } from './person-columns.js';
import { HeaderRefused, UploadRefused } from './upload.errors.js';
import type { SpooledFile } from './upload.js';

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
  const read = await readHeader(unpacked(file.packed), charset).catch((error: unknown) => {
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
