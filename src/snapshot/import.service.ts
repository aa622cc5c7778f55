import { pipeline } from 'node:stream/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Audit, systemActor } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { Prisma } from '../platform/database/prisma.js';
import { Jobs } from '../platform/jobs/jobs.js';
import type { Part } from './columns.js';
import { differencesOf } from './control-totals.amount.js';
import { readHeader } from './csv-header.js';
import { NumberedRecords } from './csv-records.js';
import { ToUtf8, type Charset } from './csv-text.js';
import { RawUpload } from './raw-upload.js';
import { comparedTotals } from './snapshot-view.js';
import { SnapshotRepository, type SnapshotRow } from './snapshot.repository.js';
import { beginImport, noteRowsRead } from './sql/begin-import.sql.js';
import { addFileFault, findFaultsBetweenRows, findFaultyExclusions } from './sql/find-faults.sql.js';
import { judgeRows, listFaultyRows, type StagedTotals } from './sql/judge-rows.sql.js';
import { keepFaults, type FaultCounts } from './sql/keep-faults.sql.js';
import { copyToStaging, createStaging } from './sql/stage-upload.sql.js';
import { writeBalances } from './sql/write-balances.sql.js';

export const IMPORT_JOB = 'import-snapshot';

/** Half an hour is enough for the largest upload that a configuration allows. */
const LIMITS = { timeoutMs: 1_800_000 };

/** What an import found; faults are none when its balances are written. */
interface Imported {
  readonly totals: StagedTotals;
  readonly faults: FaultCounts;
}

/**
 * Turns an upload into holders and frozen balances, or into the list of what is wrong with it. Killed at any instant it
 * begins anew and ends the same: the rows are written in one transaction, which the next try empties out again, and the
 * state changes in a second one.
 */
@Injectable()
export class ImportService implements OnModuleInit {
  private readonly logger = new Logger('SnapshotImport');

  constructor(
    private readonly database: Database,
    private readonly snapshots: SnapshotRepository,
    private readonly raw: RawUpload,
    private readonly audit: Audit,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(IMPORT_JOB, (payload, signal) =>
      this.run((payload as { snapshotId: string }).snapshotId, signal),
    );
  }

  /** Imports one upload; does nothing for one that is imported already. */
  async run(snapshotId: string, signal: AbortSignal): Promise<void> {
    const snapshot = await this.database.transaction((tx) => this.snapshots.find(tx, snapshotId));
    if (snapshot?.status !== 'importing') return;
    try {
      const imported = await this.database.copySession((client) => this.load(client, snapshot, signal), LIMITS);
      if (imported) await this.conclude(snapshot, imported);
    } catch (error) {
      if (!signal.aborted) throw error;
      // The process is to stop; another one, or the next start, begins anew.
      await this.database.transaction((tx) =>
        this.jobs.add(tx, IMPORT_JOB, { snapshotId }, { jobKey: `${IMPORT_JOB}:${snapshotId}` }),
      );
    }
  }

  /** Null when another worker has imported it meanwhile. */
  private async load(client: PoolClient, snapshot: SnapshotRow, signal: AbortSignal): Promise<Imported | null> {
    if (!(await beginImport(client, snapshot.id))) return null;
    await createStaging(client);
    const rows = await this.stage(client, snapshot, 'rows', signal);
    if (snapshot.exclusionsSha256) await this.stage(client, snapshot, 'exclusions', signal);
    await noteRowsRead(client, snapshot.id, rows);
    const totals = await judgeRows(client);
    const faults = await this.findFaults(client, snapshot, totals);
    if (faults.total === 0n) await writeBalances(client, snapshot.id);
    return { totals, faults };
  }

  /** Answers how many rows were read. */
  private async stage(
    client: PoolClient,
    { id, charset }: SnapshotRow,
    part: Part,
    signal: AbortSignal,
  ): Promise<number> {
    const header = readHeader(await this.raw.head(id, part), charset as Charset);
    const copy = copyToStaging(client, part, header);
    const records = new NumberedRecords(header.length);
    await pipeline(this.raw.read(id, part), new ToUtf8(charset as Charset), records, copy, { signal });
    return copy.rowCount;
  }

  private async findFaults(client: PoolClient, snapshot: SnapshotRow, totals: StagedTotals): Promise<FaultCounts> {
    if (totals.faultyCount > 0n) await listFaultyRows(client);
    await findFaultsBetweenRows(client);
    await findFaultyExclusions(client);
    if (totals.rowCount === 0n) await addFileFault(client, { column: null, value: null, code: 'no_rows' });
    for (const { field, code, declared, found, difference } of differencesOf(
      comparedTotals({ ...snapshot, ...figuresOf(totals) }),
    ))
      await addFileFault(client, { column: field, code, value: `${declared} → ${found} (${difference})` });
    return keepFaults(client, snapshot.id);
  }

  private async conclude(snapshot: SnapshotRow, { totals, faults }: Imported): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { id: subjectId } = snapshot;
      const concluded =
        faults.total === 0n
          ? await this.snapshots.becomeReady(tx, subjectId)
          : await this.snapshots.becomeInvalid(tx, subjectId, {
              ...figuresOf(totals),
              errorCount: faults.total,
              errorCounts: { ...faults.byCode },
            });
      if (!concluded) return;
      const after = await this.snapshots.find(tx, subjectId);
      await this.audit.record(tx, systemActor(IMPORT_JOB), {
        action: 'snapshot.imported',
        subjectType: 'snapshot',
        subjectId,
        before: { status: 'importing' },
        after: {
          status: after?.status ?? null,
          errorCount: faults.total.toString(),
          contentHash: after?.contentHash ?? null,
        },
        ...(after?.rowsDigest ? { rows: { count: totals.rowCount, sumJpy: null, digest: after.rowsDigest } } : {}),
      });
      this.logger.log(`snapshot ${subjectId}: ${totals.rowCount} rows, ${faults.total} faults`);
    }, LIMITS);
  }
}

function figuresOf({ rowCount, payableCount, excludedCount, ...totals }: StagedTotals) {
  return {
    rowCount,
    payableCount,
    payableTotalXem: new Prisma.Decimal(totals.payableTotalXem),
    excludedCount,
    excludedTotalXem: new Prisma.Decimal(totals.excludedTotalXem),
  };
}
