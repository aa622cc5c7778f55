import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

const NEWLINE = 0x0a;

/** Passes rows of COPY on and counts and hashes them; a line break within a value is written as two characters. */
export class Measured extends Transform {
  private readonly hash = createHash('sha256');
  private lines = 0n;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.hash.update(chunk);
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) this.lines += 1n;
    done(null, chunk);
  }

  /** Once everything has passed. */
  result(): { readonly rows: string; readonly sha256: string } {
    return { rows: this.lines.toString(), sha256: this.hash.digest('hex') };
  }
}
