import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type pg from 'pg';
import { Audit, systemActor } from '../audit/audit.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import type { Charset } from '../holder/csv-source.js';
import type { Declared, Totals } from './control-totals.js';
import { importNewcomers, NotAllNew } from './newcomer-import.js';
import { RowErrorList } from '../holder/row-error-list.js';
import { FaultyRows, importRows } from './row-import.js';
import { keepErrors, lockImporting } from './sql/finish-import.sql.js';
import { FORGET_EARLIER_TRY } from './sql/staging.sql.js';

export const IMPORT_JOB = 'import-snapshot';
const LIMITS = { timeoutMs: 600_000 };
/** Connections that new customers are written on side by side. */
const WRITERS = 2;

type Files = Record<'rows' | 'exclusions', string>;
type Imported = Declared & { readonly fileBytes: bigint };

/** Imports an uploaded snapshot. Killed at any instant it begins anew and ends the same. */
@Injectable()
export class SnapshotImport implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.jobs.register(IMPORT_JOB, (payload) => this.run((payload as { snapshotId: string }).snapshotId));
  }

  async run(snapshotId: string): Promise<void> {
    const snapshot = await this.database.consistentRead((tx) => tx.snapshot.findUnique({ where: { id: snapshotId } }));
    if (snapshot?.status !== 'importing') return;
    const folder = join(this.config.dataDir, 'uploads');
    await mkdir(folder, { recursive: true });
    const files = { rows: join(folder, `${randomUUID()}.import`), exclusions: join(folder, `${randomUUID()}.import`) };
    try {
      await this.database.copySession((client) => this.restore(client, snapshotId, files), LIMITS);
      const declared = { ...snapshot, charset: snapshot.charset as Charset };
      const errors = new RowErrorList();
      const totals = (await this.newcomers(declared, files)) ?? (await this.thoroughly(declared, files, errors));
      await this.finish(snapshot, errors, totals);
    } finally {
      await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
    }
  }

  /** The short way, for a file that is right in everything and whose customers are all new; null when it is not. */
  private async newcomers(snapshot: Imported, files: Files): Promise<Totals | null> {
    return this.database
      .copySessions(WRITERS, (clients) => importNewcomers(clients, snapshot, files), LIMITS)
      .catch((error: unknown) => {
        if (error instanceof NotAllNew) return null;
        throw error;
      });
  }

  /** The way that names every fault, and finds the customers who are known. */
  private async thoroughly(snapshot: Imported, files: Files, errors: RowErrorList): Promise<Totals | null> {
    return this.database
      .copySession(async (client) => {
        await client.query(FORGET_EARLIER_TRY, [snapshot.id]);
        return importRows(client, snapshot, files, errors);
      }, LIMITS)
      .catch((error: unknown) => {
        if (error instanceof FaultyRows) return error.totals;
        throw error;
      });
  }

  /** The raw upload, back from the database, because any worker may be the one that imports. */
  private async restore(client: pg.PoolClient, snapshotId: string, files: Files): Promise<void> {
    for (const part of ['rows', 'exclusions'] as const) {
      const chunks = async function* (): AsyncGenerator<Buffer> {
        for (let seq = 0; ; seq += 1) {
          const { rows } = await client.query<{ content: Buffer }>(
            'SELECT content FROM snapshot_file WHERE snapshot_id = $1 AND part = $2 AND seq = $3',
            [snapshotId, part, seq],
          );
          if (!rows[0]) return;
          yield rows[0].content;
        }
      };
      const { rows } = await client.query('SELECT 1 FROM snapshot_file WHERE snapshot_id = $1 AND part = $2 LIMIT 1', [
        snapshotId,
        part,
      ]);
      if (rows.length > 0) await pipeline(Readable.from(chunks()), createGunzip(), createWriteStream(files[part]));
      else await pipeline(Readable.from([]), createWriteStream(files[part]));
    }
  }

  private async finish(
    snapshot: { id: string; kind: string; asOf: Date; fileSha256: string; exclusionsSha256: string | null },
    errors: RowErrorList,
    totals: Totals | null,
  ): Promise<void> {
    const status = errors.count === 0 ? 'ready' : 'invalid';
    const content = [
      snapshot.kind,
      snapshot.asOf.toISOString(),
      snapshot.fileSha256,
      snapshot.exclusionsSha256 ?? '',
      totals?.rows_digest,
      totals?.payable_count,
      totals?.payable_total_xem,
    ];
    await this.database.transaction(async (tx) => {
      if (!(await lockImporting(tx, snapshot.id))) return;
      if (errors.count > 0) {
        await tx.frozenBalance.deleteMany({ where: { snapshotId: snapshot.id } });
        await keepErrors(tx, snapshot.id, errors.kept);
      }
      await tx.snapshot.update({
        where: { id: snapshot.id },
        data: {
          status,
          errorCount: BigInt(errors.count),
          importedAt: new Date(),
          ...(totals
            ? {
                rowCount: BigInt(totals.row_count),
                payableCount: BigInt(totals.payable_count),
                payableTotalXem: totals.payable_total_xem,
                excludedCount: BigInt(totals.excluded_count),
                excludedTotalXem: totals.excluded_total_xem,
                rowsDigest: totals.rows_digest,
              }
            : {}),
          ...(errors.count === 0 ? { contentHash: createHash('sha256').update(content.join('\n')).digest('hex') } : {}),
        },
      });
      await this.audit.record(tx, systemActor(IMPORT_JOB), {
        action: `snapshot.${status}`,
        subjectType: 'snapshot',
        subjectId: snapshot.id,
        after: {
          status,
          errorCount: String(errors.count),
          payableCount: totals?.payable_count ?? null,
          payableTotalXem: totals?.payable_total_xem ?? null,
          rowsDigest: totals?.rows_digest ?? null,
        },
      });
    });
  }
}
