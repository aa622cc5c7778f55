import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { Bytes } from './csv-source.js';
import { packing } from './packed.js';
import { isFormFault } from '../platform/http/form-fault.js';
import { PROTOCOL_PROBLEMS } from '../platform/problem/platform.errors.js';
import { DomainError } from '../platform/problem/domain-error.js';
import { UploadRefused } from './upload.errors.js';

/** Nobody's row is longer; a file without line breaks is refused after this many bytes instead of being read to its end. */
const MAX_LINE_BYTES = 64 * 1024;

/** The packed file is read in such pieces. */
const PIECE_BYTES = 256 * 1024;

/** A file on disk, compressed; `sha256` and `bytes` are of what was sent. */
export interface SpooledFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The file as it is on disk. */
  readonly packed: Bytes;
}

/** An upload on disk, and its form fields. No database connection is held while a slow client sends it. */
export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, SpooledFile>>;
}

type Fields = Record<string, string>;
type Files = Record<string, SpooledFile>;

class NotMultipart extends DomainError {
  constructor() {
    super(
      PROTOCOL_PROBLEMS[415] ?? {
        code: 'unsupported_media_type',
        status: 415,
        title: { en: '', ja: '' },
        detail: { en: '', ja: '' },
      },
    );
  }
}

/**
 * Takes a multipart upload to temporary files, hands it to `work`, and removes the files whatever happens.
 * Errors: unsupported_media_type, body_too_large, line_too_long, upload_cut_off, file_twice.
 */
export async function withUpload<T>(
  request: FastifyRequest,
  folder: string,
  names: readonly string[],
  work: (upload: Upload) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart()) throw new NotMultipart();
  await mkdir(folder, { recursive: true });
  const upload = { fields: Object.create(null) as Fields, files: Object.create(null) as Files };
  try {
    await receive(request, folder, names, upload);
    return await work(upload);
  } finally {
    await Promise.all(Object.values(upload.files).map(({ path }) => rm(path, { force: true })));
  }
}

async function receive(
  request: FastifyRequest,
  folder: string,
  names: readonly string[],
  { fields, files }: { readonly fields: Fields; readonly files: Files },
): Promise<void> {
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') fields[part.fieldname] = String(part.value);
      else if (!names.includes(part.fieldname) || files[part.fieldname]) {
        part.file.resume();
        throw new UploadRefused(
          'file_twice',
          `The part ${part.fieldname.slice(0, 40)} is unknown or given twice.`,
          `パート ${part.fieldname.slice(0, 40)} は不明か重複しています。`,
        );
      } else files[part.fieldname] = await spool(part, folder);
    }
  } catch (error) {
    if (!isFormFault(error)) throw error;
    throw new UploadRefused(
      'upload_cut_off',
      'The form is cut off, malformed, or has more parts than it may.',
      'フォームが途中で切れているか、形式が正しくないか、パートが多すぎます。',
    );
  }
}

async function spool(part: MultipartFile, folder: string): Promise<SpooledFile> {
  const path = join(folder, `${randomUUID()}.part`);
  const hash = createHash('sha256');
  let bytes = 0;
  let lineBytes = 0;
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      const firstBreak = chunk.indexOf(10);
      const longest =
        firstBreak < 0 ? lineBytes + chunk.length : Math.max(lineBytes + firstBreak, longestInner(chunk, firstBreak));
      lineBytes = firstBreak < 0 ? lineBytes + chunk.length : chunk.length - chunk.lastIndexOf(10);
      if (longest > MAX_LINE_BYTES)
        done(
          new UploadRefused(
            'line_too_long',
            `A line is longer than ${MAX_LINE_BYTES} bytes.`,
            `${MAX_LINE_BYTES} バイトを超える行があります。`,
          ),
        );
      else done(null, chunk);
    },
  });
  try {
    await pipeline(part.file, watch, packing(), createWriteStream(path));
    if (part.file.truncated) throw Object.assign(new Error('file too large'), { statusCode: 413 });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return {
    path,
    sha256: hash.digest('hex'),
    bytes,
    packed: () => createReadStream(path, { highWaterMark: PIECE_BYTES }),
  };
}

function longestInner(chunk: Buffer, from: number): number {
  let longest = 0;
  for (let start = from; start >= 0;) {
    const next = chunk.indexOf(10, start + 1);
    longest = Math.max(longest, (next < 0 ? chunk.length : next) - start);
    start = next;
  }
  return longest;
}
