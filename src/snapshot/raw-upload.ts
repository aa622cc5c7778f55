import { pipeline, Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../platform/database/database.js';
import type { Part } from './columns.js';
import type { SpooledFile } from './spooled-file.js';

const READ_BYTES = 64 * 1024;

/** Uploads as they were sent, kept compressed in the database so that any worker finds them. */
@Injectable()
export class RawUpload {
  constructor(private readonly database: Database) {}

  async store(tx: Tx, snapshotId: string, part: Part, file: SpooledFile): Promise<void> {
    let seq = 0;
    for await (const content of file.pieces()) {
      await tx.snapshotFile.create({ data: { snapshotId, part, seq, content }, select: { seq: true } });
      seq += 1;
    }
  }

  /**
   * The bytes as they were sent. Each piece is fetched by a statement of its own, beside the transaction of the import:
   * that one's connection is busy with COPY.
   */
  read(snapshotId: string, part: Part): Gunzip {
    const gunzip = createGunzip({ chunkSize: READ_BYTES });
    return pipeline(Readable.from(this.pieces(snapshotId, part)), gunzip, () => undefined) as Gunzip;
  }

  /** The first bytes. */
  async head(snapshotId: string, part: Part): Promise<Buffer> {
    for await (const chunk of this.read(snapshotId, part) as AsyncIterable<Buffer>) return chunk;
    return Buffer.alloc(0);
  }

  private async *pieces(snapshotId: string, part: Part): AsyncGenerator<Buffer> {
    for (let seq = 0; ; seq += 1) {
      const { rows } = await this.database.shortStatements.query<{ content: Buffer }>(
        'SELECT content FROM snapshot_file WHERE snapshot_id = $1 AND part = $2 AND seq = $3',
        [snapshotId, part, seq],
      );
      if (!rows[0]) return;
      yield rows[0].content;
    }
  }
}
