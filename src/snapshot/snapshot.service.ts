import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { FastifyRequest } from 'fastify';
import { Approvals } from '../approval/approvals.js';
import { Audit, systemActor } from '../audit/audit.js';
import { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { Jobs } from '../platform/jobs/jobs.js';
import type { Json } from '../platform/json.js';
import { decodeUuidCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { EXCLUSION_COLUMNS, HOLDER_COLUMNS } from './columns.js';
import type { Charset } from '../holder/csv-source.js';
import { ROW_ERRORS, type RowErrorCode } from '../holder/row-errors.js';
import {
  UploadSnapshotDto,
  type SnapshotDetailView,
  type SnapshotToSealView,
  type SnapshotView,
} from './snapshot.dto.js';
import {
  BaseAlreadySealed,
  SnapshotAlreadyUploaded,
  SnapshotNotFound,
  SnapshotStateConflict,
} from './snapshot.errors.js';
import { IMPORT_JOB } from './snapshot-import.js';
import { snapshotView, type SnapshotRow } from './snapshot.view.js';
import { assertHeader } from '../holder/upload-header.js';
import { keepFile } from './raw-upload.js';
import { readForm } from '../holder/upload-form.js';
import { withUpload, type SpooledFile, type Upload } from '../holder/upload.js';

const LIMITS = { timeoutMs: 60_000 };

@Injectable()
export class SnapshotService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly jobs: Jobs,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.approvals.register({
      type: 'snapshot_seal',
      makerRoles: ['finance_maker'],
      checkerRoles: ['finance_checker'],
      contentHash: async (tx, id) =>
        (await tx.snapshot.findFirst({ where: { id, status: 'ready' } }))?.contentHash ?? null,
      preview: (tx, id) => this.preview(tx, id),
      takeEffect: (tx, context, request) => this.takeEffect(tx, context, request.subjectId),
      refused: async () => undefined,
      lapsed: async () => undefined,
    });
    this.jobs.every('destroy-raw-uploads', '17 18 * * *', () => this.destroyRawUploads());
  }

  /** Takes an upload and has it imported. Errors: those of the upload and its header, validation_failed, snapshot_already_uploaded. */
  upload(context: RequestContext, request: FastifyRequest): Promise<SnapshotView> {
    return withUpload(request, join(this.config.dataDir, 'uploads'), ['file', 'exclusions'], (upload) =>
      this.store(context, upload),
    );
  }

  private async store(context: RequestContext, upload: Upload): Promise<SnapshotView> {
    const { dto, file } = await readForm(UploadSnapshotDto, upload);
    const { exclusions } = upload.files;
    const charset = dto.charset ?? 'utf-8';
    await assertHeader('file', file, charset, HOLDER_COLUMNS, []);
    if (exclusions && exclusions.bytes > 0)
      await assertHeader('exclusions', exclusions, charset, EXCLUSION_COLUMNS, ['text']);
    const row = await this.commands.run(
      { ...context, idempotencyKey: null },
      (tx) => this.keep(tx, context, dto, charset, file, exclusions),
      LIMITS,
    );
    return snapshotView(row);
  }

  private async keep(
    tx: Tx,
    context: RequestContext,
    dto: UploadSnapshotDto,
    charset: Charset,
    file: SpooledFile,
    exclusions: SpooledFile | undefined,
  ): Promise<SnapshotRow> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('snapshot_upload', 0))::text`;
    const exclusionsSha256 = exclusions?.sha256 ?? null;
    const known = await tx.snapshot.findFirst({
      where: { fileSha256: file.sha256, exclusionsSha256, NOT: { status: 'invalid' } },
    });
    if (known) throw new SnapshotAlreadyUploaded(known.id);
    if (dto.kind === 'base' && (await tx.snapshot.count({ where: { kind: 'base', status: 'sealed' } })) > 0)
      throw new BaseAlreadySealed();
    const row = await tx.snapshot.create({
      data: {
        kind: dto.kind,
        asOf: new Date(dto.asOf),
        charset,
        fileSha256: file.sha256,
        fileBytes: BigInt(file.bytes),
        exclusionsSha256,
        declaredCount: BigInt(dto.declaredCount),
        declaredTotalXem: dto.declaredTotalXem,
        declaredPayableCount: dto.declaredPayableCount === undefined ? null : BigInt(dto.declaredPayableCount),
        declaredPayableTotalXem: dto.declaredPayableTotalXem ?? null,
        declaredExcludedCount: dto.declaredExcludedCount === undefined ? null : BigInt(dto.declaredExcludedCount),
        declaredExcludedTotalXem: dto.declaredExcludedTotalXem ?? null,
        uploadedBy: context.actor.id,
      },
    });
    await keepFile(row.id, 'rows', file.packed);
    if (exclusions) await keepFile(row.id, 'exclusions', exclusions.packed);
    await this.audit.record(tx, context, {
      action: 'snapshot.uploaded',
      subjectType: 'snapshot',
      subjectId: row.id,
      after: { kind: row.kind, fileSha256: file.sha256, exclusionsSha256 },
    });
    await this.jobs.add(tx, IMPORT_JOB, { snapshotId: row.id }, { jobKey: `${IMPORT_JOB}:${row.id}` });
    return row;
  }

  list(query: PageQuery): Promise<Page<SnapshotView>> {
    return this.database.consistentRead(async (tx) => {
      const before = decodeUuidCursor(query.cursor);
      const rows = await tx.snapshot.findMany({
        where: before ? { id: { lt: before } } : {},
        orderBy: { id: 'desc' },
        take: query.limit + 1,
      });
      return toPage(rows, query.limit, (row) => row.id, snapshotView);
    });
  }

  /** Errors: snapshot_not_found. */
  show(context: RequestContext, id: string): Promise<SnapshotDetailView> {
    return this.database.consistentRead((tx) => this.detail(tx, id, context.language));
  }

  private async detail(tx: Tx, id: string, language: 'ja' | 'en'): Promise<SnapshotDetailView> {
    const row = await tx.snapshot.findUnique({ where: { id } });
    if (!row) throw new SnapshotNotFound();
    const [progress] = await tx.$queryRaw<{ rows: string }[]>`
      SELECT split_part(application_name, ' ', 4) AS rows FROM pg_stat_activity WHERE application_name LIKE ${`henkin import ${id} %`}`;
    // What is being imported is not to be seen yet: counting would only read past it, at every look of whoever waits.
    const [errors, excluded] =
      row.status === 'importing' ? [[], []] : [await errorsOf(tx, id), await excludedRowsOf(tx, id)];
    return {
      ...snapshotView(row),
      rowsRead: progress?.rows ?? null,
      errors: errors.map(({ code, _count }) => ({
        code,
        count: String(_count),
        reason: ROW_ERRORS[code as RowErrorCode][language],
      })),
      excluded: excluded.map(({ excludedReason, _count, _sum }) => ({
        reason: excludedReason ?? '',
        count: String(_count),
        totalXem: _sum.quantityXem?.toFixed(6) ?? '0',
      })),
    };
  }

  /** Every faulty row that was kept, for a spreadsheet: cells that could be formulas are defused. Errors: snapshot_not_found. */
  errorsCsv(id: string): Promise<string> {
    return this.database.consistentRead(async (tx) => {
      if ((await tx.snapshot.count({ where: { id } })) === 0) throw new SnapshotNotFound();
      const rows = await tx.snapshotRowError.findMany({ where: { snapshotId: id }, orderBy: { id: 'asc' } });
      const cells = rows.map(({ lineNo, columnName, value, code }) => {
        const { en, ja } = ROW_ERRORS[code as RowErrorCode];
        return [lineNo?.toString() ?? '', columnName ?? '', value ?? '', code, ja, en];
      });
      return stringify([['line', 'column', 'value', 'code', 'reason_ja', 'reason_en'], ...cells], {
        bom: true,
        escape_formulas: true,
      });
    });
  }

  /** Asks a second person to freeze the snapshot. Errors: snapshot_not_found, snapshot_state_conflict, base_already_sealed. */
  seal(context: RequestContext, id: string): Promise<SnapshotToSealView> {
    return this.commands.run(context, async (tx) => {
      const row = await tx.snapshot.findUnique({ where: { id } });
      if (!row) throw new SnapshotNotFound();
      if (row.status !== 'ready' || row.contentHash === null) throw new SnapshotStateConflict(row.status);
      if (row.kind === 'base' && (await tx.snapshot.count({ where: { kind: 'base', status: 'sealed' } })) > 0)
        throw new BaseAlreadySealed();
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: 'snapshot_seal',
        subjectId: id,
        contentHash: row.contentHash,
        amountJpy: null,
      });
      return { snapshot: snapshotView(row), approvalRequest };
    });
  }

  private async preview(tx: Tx, id: string): Promise<Json> {
    const largest = await tx.frozenBalance.findMany({
      where: { snapshotId: id, excludedReason: null },
      orderBy: { quantityXem: 'desc' },
      take: 10,
      include: { holder: { select: { customerNo: true } } },
    });
    const detail = await this.detail(tx, id, 'ja');
    return {
      snapshot: detail as object as Json,
      tenLargest: largest.map(({ holder, quantityXem }) => ({
        customerNo: holder.customerNo,
        quantityXem: quantityXem.toFixed(6),
      })),
    };
  }

  private async takeEffect(tx: Tx, context: RequestContext, id: string): Promise<Json> {
    const { count } = await tx.snapshot.updateMany({
      where: { id, status: 'ready' },
      data: { status: 'sealed', sealedAt: new Date() },
    });
    if (count !== 1) throw new SnapshotNotFound();
    const row = await tx.snapshot.findUniqueOrThrow({ where: { id } });
    const outcome = {
      payableCount: row.payableCount?.toString() ?? '0',
      payableTotalXem: row.payableTotalXem?.toFixed(6) ?? '0',
      rowsDigest: row.rowsDigest,
    };
    await this.audit.record(tx, context, {
      action: 'snapshot.sealed',
      subjectType: 'snapshot',
      subjectId: id,
      before: { status: 'ready' },
      after: { status: 'sealed', ...outcome },
    });
    return outcome;
  }

  /** Personal data is not kept longer than it is needed; the hash of the file stays. */
  async destroyRawUploads(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = new Date(Date.now() - this.config.rawUploadRetentionDays * 86_400_000);
      const due = await tx.snapshot.findMany({
        where: { createdAt: { lt: before }, rawDestroyedAt: null, NOT: { status: 'importing' } },
        select: { id: true },
      });
      for (const { id } of due) {
        await tx.snapshotFile.deleteMany({ where: { snapshotId: id } });
        await tx.snapshot.update({ where: { id }, data: { rawDestroyedAt: new Date() } });
        await this.audit.record(tx, systemActor('destroy-raw-uploads'), {
          action: 'snapshot.raw_destroyed',
          subjectType: 'snapshot',
          subjectId: id,
        });
      }
    }, LIMITS);
  }
}

function errorsOf(tx: Tx, snapshotId: string) {
  return tx.snapshotRowError.groupBy({ by: ['code'], where: { snapshotId }, _count: true });
}

function excludedRowsOf(tx: Tx, snapshotId: string) {
  return tx.frozenBalance.groupBy({
    by: ['excludedReason'],
    where: { snapshotId, NOT: { excludedReason: null } },
    _count: true,
    _sum: { quantityXem: true },
  });
}
