import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { unpacked } from '../holder/packed.js';
import type { Bytes, Charset } from '../holder/csv-source.js';
import type { Declared, Totals } from './control-totals.js';
import { importNewcomers, NotAllNew } from './newcomer-import.js';
import { keptFile } from './raw-upload.js';
import { RowErrorList } from '../holder/row-error-list.js';
import { FaultyRows, importRows } from './row-import.js';
import { keepErrors, lockImporting } from './sql/finish-import.sql.js';
import { FORGET_EARLIER_TRY } from './sql/staging.sql.js';

export const IMPORT_JOB = 'import-snapshot';
const LIMITS = { timeoutMs: 600_000 };
/** Connections that new customers are written on side by side. */
const WRITERS = 2;

type Files = Record<'rows' | 'exclusions', Bytes>;
type Imported = Declared & { readonly fileBytes: bigint };

/** Imports an uploaded snapshot. Killed at any instant it begins anew and ends the same. */
@Injectable()
export class SnapshotImport implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.jobs.register(IMPORT_JOB, (payload) => this.run((payload as { snapshotId: string }).snapshotId));
  }

  async run(snapshotId: string): Promise<void> {
    const snapshot = await this.database.consistentRead((tx) => tx.snapshot.findUnique({ where: { id: snapshotId } }));
    if (snapshot?.status !== 'importing') return;
    const { shortStatements } = this.database;
    const files = {
      rows: unpacked(keptFile(shortStatements, snapshotId, 'rows')),
      exclusions: unpacked(keptFile(shortStatements, snapshotId, 'exclusions')),
    };
    const declared = { ...snapshot, charset: snapshot.charset as Charset };
    const errors = new RowErrorList();
    const totals = (await this.newcomers(declared, files)) ?? (await this.thoroughly(declared, files, errors));
    await this.finish(snapshot, errors, totals);
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
