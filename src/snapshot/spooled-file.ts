import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, Writable, type Readable, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, constants } from 'node:zlib';
import { LineTooLong } from './snapshot.errors.js';

/** A row is far shorter. A file without line breaks is refused after this many bytes instead of being read to its end. */
const MAX_LINE_BYTES = 64 * 1024;
/** More than any header. */
const HEAD_BYTES = 64 * 1024;
const PIECE_BYTES = 256 * 1024;
const LF = 0x0a;

/**
 * A file of an upload on disk, compressed. Its name is taken away as soon as it is open: the space is free again when the
 * file is closed or the process ends, however it ends, and nobody else can open it.
 */
export class SpooledFile {
  private constructor(
    private readonly handle: FileHandle,
    /** Of the bytes as they were sent, hex. */
    readonly sha256: string,
    readonly bytes: number,
    /** The first bytes as they were sent: all of a short file. */
    readonly head: Buffer,
  ) {}

  /** Takes a file that is being sent. Errors: line_too_long, and those of the stream when it is cut off or too large. */
  static async receive(source: Readable, folder: string): Promise<SpooledFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${randomUUID()}.upload`);
    const handle = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      const witness = new Witness();
      await pipeline(source, witness, createGzip({ level: constants.Z_BEST_SPEED }), appendingTo(handle));
      return new SpooledFile(handle, witness.digest(), witness.bytes, witness.head());
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The compressed content, one piece at a time. */
  async *pieces(): AsyncGenerator<Buffer<ArrayBuffer>> {
    for (let position = 0; ;) {
      const { bytesRead, buffer } = await this.handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, position);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** A process that was killed between making a file and taking its name away has left an empty one. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}

/** Sees all bytes go by: hash, size, beginning, and lines that are no lines. */
class Witness extends Transform {
  bytes = 0;
  private readonly hash = createHash('sha256');
  private readonly beginning: Buffer[] = [];
  private lineBytes = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    if (this.bytes < HEAD_BYTES) this.beginning.push(chunk);
    this.bytes += chunk.length;
    if (this.measureLines(chunk) > MAX_LINE_BYTES) done(new LineTooLong(MAX_LINE_BYTES));
    else done(null, chunk);
  }

  digest(): string {
    return this.hash.digest('hex');
  }

  head(): Buffer {
    return Buffer.concat(this.beginning).subarray(0, HEAD_BYTES);
  }

  /** The longest line that ends in this chunk or goes on after it. */
  private measureLines(chunk: Buffer): number {
    let longest = 0;
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      longest = Math.max(longest, this.lineBytes + end - start);
      this.lineBytes = 0;
      start = end + 1;
    }
    this.lineBytes += chunk.length - start;
    return Math.max(longest, this.lineBytes);
  }
}

/** Not a stream of the handle's own: such a one would keep the handle from being closed. */
function appendingTo(handle: FileHandle): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => void handle.appendFile(chunk).then(() => done(), done),
  });
}
