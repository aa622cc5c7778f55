const CHUNK_BYTES = 64 * 1024;
/** No character of a string takes more bytes in UTF-8. */
const MOST_BYTES = 3;

/** Lines for one COPY, made bytes at once: as text they would live until the piece is sent, and cost memory twice. */
export class CopyData {
  bytes = 0;
  private readonly chunks: Buffer[] = [];
  private chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private used = 0;

  add(line: string): void {
    if (this.used + line.length * MOST_BYTES > this.chunk.length) this.next(line.length * MOST_BYTES);
    const written = this.chunk.write(line, this.used);
    this.used += written;
    this.bytes += written;
  }

  /** Everything that was added. */
  whole(): readonly Buffer[] {
    return [...this.chunks, this.chunk.subarray(0, this.used)];
  }

  private next(least: number): void {
    this.chunks.push(this.chunk.subarray(0, this.used));
    this.chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, least));
    this.used = 0;
  }
}
