/** So much is kept as text before it becomes bytes. */
const TEXT = 16_384;

/** Lines for one COPY, kept as bytes outside the heap. */
export class CopyData {
  readonly chunks: Buffer[] = [];
  bytes = 0;
  private text = '';

  add(line: string): void {
    this.text += line;
    if (this.text.length > TEXT) this.flush();
  }

  /** Everything that was added, as bytes. */
  whole(): readonly Buffer[] {
    if (this.text !== '') this.flush();
    return this.chunks;
  }

  private flush(): void {
    const chunk = Buffer.from(this.text);
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    this.text = '';
  }
}
