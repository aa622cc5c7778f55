import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import { ContactNotices } from './contact-notices.js';
import { unpacked } from './packed.js';
import type { Charset } from './csv-source.js';
import { UploadHolderUpdateDto, type HolderUpdateView, type SubmittedHolderUpdateView } from './holder-update.dto.js';
import { HolderUpdateNotFound, HolderUpdateNotReady } from './holder-update.errors.js';
import { PERSON_COLUMNS } from './person-columns.js';
import { RowErrorList } from './row-error-list.js';
import { ROW_ERRORS, type RowErrorCode } from './row-errors.js';
import {
  applyUpdate,
  COPY_PERSON_STAGING,
  countChanges,
  CREATE_PERSON_STAGING,
  KEEP_CHANGED,
  LIST_UNKNOWN,
  PERSON_TWICE,
  type ChangeCounts,
} from './sql/holder-update.sql.js';
import { nameContactOrigin } from './sql/name-contact-origin.sql.js';
import { stagedPersons } from './staged-persons.js';
import { assertHeader } from './upload-header.js';
import { readForm } from './upload-form.js';
import { withUpload, type SpooledFile, type Upload } from './upload.js';

const LIMITS = { timeoutMs: 600_000 };
const ROLES = { makerRoles: ['claims_officer'], checkerRoles: ['claims_officer', 'compliance'] } as const;

type Row = Prisma.HolderUpdateGetPayload<object>;

/** Later master files: checked as a whole, shown in numbers, applied by a second person, in one transaction. */
@Injectable()
export class HolderUpdates implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly approvals: Approvals,
    private readonly notices: ContactNotices,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register({
      type: 'holder_update',
      ...ROLES,
      contentHash: (tx, id) => this.contentHash(tx, id),
      preview: async (tx, id) => viewOf(await this.find(tx, id)) as object as Json,
      takeEffect: (tx, context, request) => this.apply(tx, context, request.subjectId),
      refused: async (tx, _context, request) => {
        await tx.holderUpdate.updateMany({
          where: { id: request.subjectId, status: 'ready' },
          data: { status: 'refused' },
        });
      },
      lapsed: async () => undefined,
    });
  }

  /** Errors: those of the upload and its header, validation_failed. Faulty rows are no error: they are listed. */
  upload(context: RequestContext, request: FastifyRequest): Promise<HolderUpdateView> {
    return withUpload(request, join(this.config.dataDir, 'uploads'), ['file'], (upload) => this.check(context, upload));
  }

  /** Errors: holder_update_not_found. */
  show(id: string): Promise<HolderUpdateView> {
    return this.database.consistentRead(async (tx) => viewOf(await this.find(tx, id)));
  }

  /** Cells that could be formulas are defused. Errors: holder_update_not_found. */
  errorsCsv(id: string): Promise<string> {
    return this.database.consistentRead(async (tx) => {
      await this.find(tx, id);
      const rows = await tx.holderUpdateFinding.findMany({ where: { holderUpdateId: id }, orderBy: { id: 'asc' } });
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

  /** Asks a second person to apply it. Errors: holder_update_not_found, holder_update_not_ready, approval_already_requested. */
  submit(context: RequestContext, id: string): Promise<SubmittedHolderUpdateView> {
    return this.commands.run(context, async (tx) => {
      const row = await this.find(tx, id);
      if (row.status !== 'ready' || row.contentHash === null || row.changedCount === 0n)
        throw new HolderUpdateNotReady(row.status);
      const { contentHash } = row;
      const ask = { subjectType: 'holder_update', subjectId: id, contentHash, amountJpy: null };
      return { holderUpdate: viewOf(row), approvalRequest: await this.approvals.open(tx, context, ask) };
    });
  }

  private async check(context: RequestContext, upload: Upload): Promise<HolderUpdateView> {
    const { dto, file } = await readForm(UploadHolderUpdateDto, upload);
    const charset = dto.charset ?? 'utf-8';
    await assertHeader('file', file, charset, PERSON_COLUMNS, []);
    const errors = new RowErrorList();
    const { id, counts } = await this.database.copySession(
      (client) => stage(client, context.actor.id, file, charset, errors),
      LIMITS,
    );
    return this.database.transaction((tx) => this.finish(tx, context, id, counts, errors.count), LIMITS);
  }

  /** Only from here on can it be submitted; cut off before, what was staged is of no effect. */
  private async finish(
    tx: Tx,
    context: RequestContext,
    id: string,
    counts: ChangeCounts,
    errorCount: number,
  ): Promise<HolderUpdateView> {
    const status = errorCount === 0 ? 'ready' : 'invalid';
    const right =
      errorCount === 0
        ? { changes: { ...counts.changes }, contentHash: await this.contentHash(tx, id, 'checking') }
        : {};
    const row = await tx.holderUpdate.update({
      where: { id },
      data: {
        status,
        errorCount: BigInt(errorCount),
        rowCount: BigInt(counts.row_count),
        changedCount: BigInt(counts.changed_count),
        unknownCount: BigInt(counts.unknown_count),
        ...right,
      },
    });
    await this.audit.record(tx, context, {
      action: `holder_update.${status}`,
      subjectType: 'holder_update',
      subjectId: id,
      after: {
        fileSha256: row.fileSha256,
        rowCount: counts.row_count,
        changedCount: counts.changed_count,
        unknownCount: counts.unknown_count,
        errorCount: String(errorCount),
      },
    });
    return viewOf(row);
  }

  private async apply(tx: Tx, context: RequestContext, id: string): Promise<Json> {
    await nameContactOrigin(tx, `holder_update:${id}`);
    const applied = await applyUpdate(tx, id);
    const row = await tx.holderUpdate.update({
      where: { id, status: 'ready' },
      data: { status: 'applied', appliedAt: new Date(), appliedCount: applied },
    });
    const outcome = { appliedCount: applied.toString(), leftOut: ((row.changedCount ?? 0n) - applied).toString() };
    await this.audit.record(tx, context, {
      action: 'holder_update.applied',
      subjectType: 'holder_update',
      subjectId: id,
      before: { status: 'ready' },
      after: { status: 'applied', ...outcome },
      rows: { count: applied, sumJpy: null, digest: row.contentHash ?? '' },
    });
    await this.notices.sendSoon(tx);
    return outcome;
  }

  private async contentHash(tx: Tx, id: string, status: 'checking' | 'ready' = 'ready'): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT holder_update_content_hash(id) AS hash FROM holder_update WHERE id = ${id}::uuid AND status = ${status}::holder_update_status`;
    return row?.hash ?? null;
  }

  private async find(tx: Tx, id: string): Promise<Row> {
    const row = await tx.holderUpdate.findUnique({ where: { id } });
    if (!row) throw new HolderUpdateNotFound();
    return row;
  }
}

/** Streams the file into the database and has it compared there, by statements over all rows. */
async function stage(
  client: pg.PoolClient,
  uploadedBy: string,
  file: SpooledFile,
  charset: Charset,
  errors: RowErrorList,
): Promise<{ id: string; counts: ChangeCounts }> {
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO holder_update (file_sha256, uploaded_by) VALUES ($1, $2) RETURNING id',
    [file.sha256, uploadedBy],
  );
  const id = rows[0]?.id ?? '';
  await client.query(CREATE_PERSON_STAGING);
  await pipeline(
    Readable.from(stagedPersons(unpacked(file.packed), charset, errors)),
    client.query(copyFrom(COPY_PERSON_STAGING)),
  );
  const doubles = await client.query<{ line_no: string; customer_no: string }>(PERSON_TWICE);
  for (const { line_no, customer_no } of doubles.rows)
    errors.add({ lineNo: Number(line_no), column: 'customer_no', value: customer_no, code: 'customer_twice' });
  if (errors.count === 0) {
    await client.query(KEEP_CHANGED, [id]);
    await client.query(LIST_UNKNOWN, [id]);
  } else {
    const { kept } = errors;
    await client.query(
      `INSERT INTO holder_update_finding (holder_update_id, line_no, column_name, value, code)
       SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[])`,
      [id, kept.map((e) => e.lineNo), kept.map((e) => e.column), kept.map((e) => e.value), kept.map((e) => e.code)],
    );
  }
  return { id, counts: await countChanges(client, id) };
}

function viewOf(row: Row): HolderUpdateView {
  return {
    id: row.id,
    status: row.status,
    fileSha256: row.fileSha256,
    rowCount: row.rowCount?.toString() ?? null,
    changedCount: row.changedCount?.toString() ?? null,
    unknownCount: row.unknownCount?.toString() ?? null,
    errorCount: row.errorCount?.toString() ?? null,
    changes: row.changes as Record<string, number> | null,
    appliedCount: row.appliedCount?.toString() ?? null,
    createdAt: row.createdAt.toISOString(),
    appliedAt: row.appliedAt?.toISOString() ?? null,
  };
}
