import { StringDecoder } from 'node:string_decoder';
import { Transform, type TransformCallback } from 'node:stream';
import iconv from 'iconv-lite';

/** What a maker may declare; nothing is guessed. */
export const CHARSETS = ['utf-8', 'windows-31j'] as const;
export type Charset = (typeof CHARSETS)[number];

/** Stands for bytes that are not text in the declared charset; PostgreSQL finds it in the values. */
export const UNDECODABLE = '\uFFFD';
/** Stands for NUL, which PostgreSQL cannot store in a text, until it is found in the values. */
export const NUL_SIGN = '\u2400';

const BYTE_ORDER_MARKS = [
  { charset: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { charset: 'utf-32', bytes: [0xff, 0xfe, 0x00, 0x00] },
  { charset: 'utf-32', bytes: [0x00, 0x00, 0xfe, 0xff] },
  { charset: 'utf-16', bytes: [0xff, 0xfe] },
  { charset: 'utf-16', bytes: [0xfe, 0xff] },
] as const;

/** The charset that the first bytes of a file say they are in, or null when they say nothing. */
export function markedCharset(head: Buffer): string | null {
  return BYTE_ORDER_MARKS.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))?.charset ?? null;
}

/** The beginning of a file as text, without its byte order mark. */
export function textOf(head: Buffer, charset: Charset): string {
  return iconv.decode(head, charset);
}

/** Bytes in the declared charset to UTF-8 without a byte order mark, every fault in them made visible. */
export class ToUtf8 extends Transform {
  private readonly decoder: { write(bytes: Buffer): string; end(): string | undefined };
  private atStart = true;

  constructor(charset: Charset) {
    super();
    this.decoder = charset === 'utf-8' ? new StringDecoder('utf8') : iconv.getDecoder(charset);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    done(null, this.encoded(this.decoder.write(chunk)));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.encoded(this.decoder.end() ?? ''));
  }

  private encoded(text: string): Buffer {
    const begins = this.atStart && text.length > 0;
    if (begins) this.atStart = false;
    const body = begins && text.startsWith('\uFEFF') ? text.slice(1) : text;
    return Buffer.from(body.replaceAll('\0', NUL_SIGN));
  }
}
