const CHUNK_BYTES = 64 * 1024;
/** So many characters are made bytes at once: for each line by itself it takes longer than all that is done for it. */
const TEXT = 4_096;
/** No character of a string takes more bytes in UTF-8. */
const MOST_BYTES = 3;

/**
 * Lines for one COPY, made bytes soon: as text they would live until the piece is sent, and cost memory twice. The bytes are
 * written to chunks that others have used before, as long as there are `spare` ones: new ones for each piece would have the
 * garbage collector look through everything again and again.
 */
export class CopyData {
  bytes = 0;
  private text = '';
  private readonly chunks: Buffer[] = [];
  private readonly parts: Buffer[] = [];
  private chunk: Buffer;
  private used = 0;

  constructor(private readonly spare: Buffer[]) {
    this.chunk = this.another(CHUNK_BYTES);
  }

  add(line: string): void {
    this.text += line;
    if (this.text.length > TEXT) this.flush();
  }

  /** Everything that was added. */
  whole(): readonly Buffer[] {
    this.flush();
    return [...this.parts, this.chunk.subarray(0, this.used)];
  }

  /** What was added is sent, and others may have the chunks. */
  giveBack(): void {
    this.spare.push(...this.chunks.filter(({ length }) => length === CHUNK_BYTES));
  }

  private flush(): void {
    const most = this.text.length * MOST_BYTES;
    if (this.used + most > this.chunk.length) {
      this.parts.push(this.chunk.subarray(0, this.used));
      this.chunk = this.another(most);
      this.used = 0;
    }
    const written = this.chunk.write(this.text, this.used);
    this.used += written;
    this.bytes += written;
    this.text = '';
  }

  private another(least: number): Buffer {
    const chunk = (least <= CHUNK_BYTES && this.spare.pop()) || Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, least));
    this.chunks.push(chunk);
    return chunk;
  }
}
