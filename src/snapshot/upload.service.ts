import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { ValidationFailed } from '../platform/problem/platform.errors.js';
import { assertReadable } from './csv-header.js';
import { IMPORT_JOB } from './import.service.js';
import { RawUpload } from './raw-upload.js';
import { snapshotView } from './snapshot-view.js';
import { UploadSnapshotDto } from './snapshot.dto.js';
import { BaseAlreadySealed, SnapshotAlreadyUploaded, SupplementBeforeBase } from './snapshot.errors.js';
import { SnapshotRepository, type NewSnapshot, type SnapshotRow } from './snapshot.repository.js';
import type { SnapshotView } from './snapshot.views.js';
import { removeLeftovers } from './spooled-file.js';
import { withUploadForm, type UploadForm } from './upload-form.js';

/** Writing a large upload into the database. */
const LIMITS = { timeoutMs: 300_000 };

/** Takes uploads: reads the form, checks what can be checked at once, keeps it, and has it imported. */
@Injectable()
export class UploadService implements OnModuleInit {
  private readonly folder: string;

  constructor(
    private readonly commands: Commands,
    private readonly snapshots: SnapshotRepository,
    private readonly raw: RawUpload,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.folder = join(config.dataDir, 'uploads');
  }

  onModuleInit(): Promise<void> {
    return removeLeftovers(this.folder);
  }

  /**
   * Keeps an upload and has it imported; the snapshot that is answered is `importing`.
   * Errors: those of the form and of its files' first lines, validation_failed, snapshot_already_uploaded,
   * base_already_sealed, supplement_before_base. Each of them leaves nothing behind.
   */
  receive(context: RequestContext, request: FastifyRequest): Promise<SnapshotView> {
    return withUploadForm(request, this.folder, (form) => {
      const fields = this.checkedFields(form);
      const { rows, exclusions } = form;
      assertReadable('rows', rows.head, rows.bytes === rows.head.length, fields.charset);
      if (exclusions)
        assertReadable('exclusions', exclusions.head, exclusions.bytes === exclusions.head.length, fields.charset);
      const snapshot = describe(context, fields, form);
      return this.commands.run(ofUpload(context, form), (tx) => this.keep(tx, context, snapshot, form), LIMITS);
    });
  }

  private async keep(tx: Tx, context: RequestContext, snapshot: NewSnapshot, form: UploadForm): Promise<SnapshotView> {
    const row = await this.insert(tx, snapshot);
    const baseSealed = await this.snapshots.hasSealedBase(tx);
    if (row.kind === 'base' && baseSealed) throw new BaseAlreadySealed();
    if (row.kind === 'supplement' && !baseSealed) throw new SupplementBeforeBase();
    await this.raw.store(tx, row.id, 'rows', form.rows);
    if (form.exclusions) await this.raw.store(tx, row.id, 'exclusions', form.exclusions);
    const view = snapshotView(row);
    const { kind, asOf, fileSha256, exclusionsSha256, controlTotals } = view;
    await this.audit.record(tx, context, {
      action: 'snapshot.uploaded',
      subjectType: 'snapshot',
      subjectId: row.id,
      after: {
        kind,
        asOf,
        fileSha256,
        exclusionsSha256,
        declaredCount: controlTotals.whole.declaredCount,
        declaredTotalXem: controlTotals.whole.declaredTotalXem,
      },
    });
    await this.jobs.add(tx, IMPORT_JOB, { snapshotId: row.id }, { jobKey: `${IMPORT_JOB}:${row.id}` });
    return view;
  }

  private async insert(tx: Tx, snapshot: NewSnapshot): Promise<SnapshotRow> {
    const row = await this.snapshots.insert(tx, snapshot);
    if (row) return row;
    const same = await this.snapshots.findSameUpload(tx, snapshot);
    if (!same) throw new Error('an upload is in the way of this one and cannot be found');
    throw new SnapshotAlreadyUploaded(same.id);
  }

  /** Errors: validation_failed. */
  private checkedFields({ fields, exclusions }: UploadForm): UploadSnapshotDto {
    const dto = plainToInstance(UploadSnapshotDto, fields);
    const wrong = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true }).flatMap((error) =>
      Object.values(error.constraints ?? {}).map((message) => ({ path: error.property, message })),
    );
    for (const path of OF_EXCLUSIONS) {
      if (exclusions && dto[path] === undefined)
        wrong.push({ path, message: `${path} is needed with an exclusion list` });
      if (!exclusions && dto[path] !== undefined) wrong.push({ path, message: `${path} needs an exclusion list` });
    }
    if (Date.parse(dto.asOf) > this.clock.now().getTime())
      wrong.push({ path: 'asOf', message: 'asOf must not be in the future' });
    if (wrong.length > 0) throw new ValidationFailed(wrong);
    return dto;
  }
}

const OF_EXCLUSIONS = [
  'declaredPayableCount',
  'declaredPayableTotalXem',
  'declaredExcludedCount',
  'declaredExcludedTotalXem',
] as const;

function describe(context: RequestContext, fields: UploadSnapshotDto, { rows, exclusions }: UploadForm): NewSnapshot {
  const { kind, charset, asOf } = fields;
  return {
    kind,
    charset,
    asOf: new Date(asOf),
    fileSha256: rows.sha256,
    fileBytes: BigInt(rows.bytes),
    exclusionsSha256: exclusions?.sha256 ?? null,
    declaredCount: BigInt(fields.declaredCount),
    declaredTotalXem: fields.declaredTotalXem,
    declaredPayableCount: fields.declaredPayableCount === undefined ? null : BigInt(fields.declaredPayableCount),
    declaredPayableTotalXem: fields.declaredPayableTotalXem ?? null,
    declaredExcludedCount: fields.declaredExcludedCount === undefined ? null : BigInt(fields.declaredExcludedCount),
    declaredExcludedTotalXem: fields.declaredExcludedTotalXem ?? null,
    uploadedBy: context.actor.id,
  };
}

/** A form has no body that the platform could hash: under one key, the same request is the same fields and files. */
function ofUpload(context: RequestContext, { fields, rows, exclusions }: UploadForm): RequestContext {
  const content = JSON.stringify([context.requestHash, Object.entries(fields).sort(), rows.sha256, exclusions?.sha256]);
  return { ...context, requestHash: createHash('sha256').update(content).digest('hex') };
}
