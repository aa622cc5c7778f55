import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { READ_BYTES, type Bytes } from './csv-source.js';

/** Files are compressed while they arrive, quickly rather than well. */
export const packing = (): Gzip => createGzip({ level: 1, chunkSize: 2 * READ_BYTES });

/** What was packed, as it was; a file that is not there is empty. */
export function unpacked(packed: Bytes): Bytes {
  return async function* () {
    const pieces = packed()[Symbol.asyncIterator]();
    const first = await pieces.next();
    if (first.done) return;
    const all = async function* () {
      yield first.value;
      yield* { [Symbol.asyncIterator]: () => pieces };
    };
    const gunzip = createGunzip({ chunkSize: READ_BYTES });
    const unpacking = pipeline(Readable.from(all()), gunzip);
    // What goes wrong shows while it is read, too; whoever stops reading early makes it end as if cut off.
    unpacking.catch(() => undefined);
    yield* gunzip as AsyncIterable<Buffer>;
  };
}
