import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Audit, systemActor } from '../audit/audit.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Decimal } from '../platform/decimal.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { EXCLUSION_REASONS, HOLDER_COLUMNS, type ExclusionReason } from './columns.js';
import { csvRecords, readHeader, Undecodable, type Charset } from './csv-source.js';
import type { RowError } from './row-errors.js';
import { flawsOf, shownValue, type RawRow } from './row-rules.js';
import {
  ALREADY_SEALED,
  COPY_STAGING,
  CREATE_STAGING,
  DUPLICATES,
  FORGET_EARLIER_TRY,
  INSERT_BALANCES,
  INSERT_ERRORS,
  INSERT_HOLDERS,
  TOTALS,
} from './sql/staging.sql.js';

export const IMPORT_JOB = 'import-snapshot';
/** Beyond this the file is plainly the wrong one; the total is still counted. */
const ERRORS_KEPT = 10_000;
const LIMITS = { timeoutMs: 600_000 };

interface Exclusion {
  readonly reason: ExclusionReason;
  readonly text: string;
  readonly lineNo: number;
  met: boolean;
}

interface Totals {
  readonly row_count: string;
  readonly total_xem: string;
  readonly payable_count: string;
  readonly payable_total_xem: string;
  readonly excluded_count: string;
  readonly excluded_total_xem: string;
  readonly rows_digest: string;
}

/** Collects what is wrong: all of it is counted, the first of it is kept. */
class Errors {
  readonly kept: RowError[] = [];
  count = 0;

  add(error: RowError): void {
    this.count += 1;
    if (this.kept.length < ERRORS_KEPT) this.kept.push(error);
  }
}

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
      const errors = new Errors();
      const totals = await this.database.copySession(async (client) => {
        await this.restore(client, snapshotId, files);
        return importRows(client, { ...snapshot, charset: snapshot.charset as Charset }, files, errors);
      }, LIMITS);
      await this.finish(snapshot, errors.count, totals);
    } finally {
      await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
    }
  }

  /** The raw upload, back from the database, because any worker may be the one that imports. */
  private async restore(
    client: pg.PoolClient,
    snapshotId: string,
    files: Record<'rows' | 'exclusions', string>,
  ): Promise<void> {
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
    errorCount: number,
    totals: Totals | null,
  ): Promise<void> {
    const status = errorCount === 0 ? 'ready' : 'invalid';
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
      const { count } = await tx.snapshot.updateMany({
        where: { id: snapshot.id, status: 'importing' },
        data: {
          status,
          errorCount: BigInt(errorCount),
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
          ...(errorCount === 0 ? { contentHash: createHash('sha256').update(content.join('\n')).digest('hex') } : {}),
        },
      });
      if (count === 0) return;
      await this.audit.record(tx, systemActor(IMPORT_JOB), {
        action: `snapshot.${status}`,
        subjectType: 'snapshot',
        subjectId: snapshot.id,
        after: {
          status,
          errorCount: String(errorCount),
          payableCount: totals?.payable_count ?? null,
          payableTotalXem: totals?.payable_total_xem ?? null,
          rowsDigest: totals?.rows_digest ?? null,
        },
      });
    });
  }
}

interface Declared {
  readonly id: string;
  readonly kind: string;
  readonly charset: Charset;
  readonly declaredCount: bigint;
  readonly declaredTotalXem: { toFixed(): string };
  readonly declaredPayableCount: bigint | null;
  readonly declaredPayableTotalXem: { toFixed(): string } | null;
  readonly declaredExcludedCount: bigint | null;
  readonly declaredExcludedTotalXem: { toFixed(): string } | null;
}

async function importRows(
  client: pg.PoolClient,
  snapshot: Declared,
  files: Record<'rows' | 'exclusions', string>,
  errors: Errors,
): Promise<Totals | null> {
  for (const statement of FORGET_EARLIER_TRY) await client.query(statement, [snapshot.id]);
  await client.query(`SET LOCAL application_name = 'henkin import ${snapshot.id}'`);
  await client.query(CREATE_STAGING);
  const exclusions = await readExclusions(files.exclusions, snapshot.charset, errors);
  await readable(errors, () =>
    pipeline(
      Readable.from(stagedLines(files.rows, snapshot.charset, exclusions, errors)),
      client.query(copyFrom(COPY_STAGING)),
    ),
  );
  for (const [customerNo, { met, lineNo }] of exclusions)
    if (!met) errors.add({ lineNo, column: 'customer_no', value: customerNo, code: 'exclusion_not_in_file' });
  for (const [sql, code] of [
    [DUPLICATES, 'customer_twice'],
    [ALREADY_SEALED, 'customer_in_sealed_snapshot'],
  ] as const) {
    const { rows } = await client.query<{ line_no: string; customer_no: string }>(sql);
    for (const row of rows)
      errors.add({ lineNo: Number(row.line_no), column: 'customer_no', value: row.customer_no, code });
  }
  const { rows: sealed } = await client.query(`SELECT 1 FROM snapshot WHERE kind = 'base' AND status = 'sealed'`);
  if (snapshot.kind === 'base' && sealed.length > 0)
    errors.add({ lineNo: null, column: null, value: null, code: 'second_base' });
  const { rows } = await client.query<Totals>(TOTALS);
  const totals = rows[0] ?? null;
  if (totals) compareTotals(snapshot, totals, errors);
  if (errors.count === 0) {
    await client.query(INSERT_HOLDERS);
    await client.query(INSERT_BALANCES, [snapshot.id]);
  } else {
    const kept = errors.kept;
    await client.query(INSERT_ERRORS, [
      snapshot.id,
      kept.map((e) => e.lineNo),
      kept.map((e) => e.column),
      kept.map((e) => e.value),
      kept.map((e) => e.code),
    ]);
  }
  return totals;
}

/** What cannot be read at all is an error of the file, named by its line. */
async function readable(errors: Errors, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number };
    if (error instanceof Undecodable)
      errors.add({ lineNo: error.lineNo, column: null, value: null, code: 'bytes_undecodable' });
    else if (code?.startsWith('CSV_'))
      errors.add({ lineNo: lines ?? null, column: null, value: null, code: 'csv_malformed' });
    else throw error;
  }
}

async function readExclusions(path: string, charset: Charset, errors: Errors): Promise<Map<string, Exclusion>> {
  const found = new Map<string, Exclusion>();
  await readable(errors, async () => {
    for await (const { fields, lineNo } of csvRecords(path, charset)) {
      const [customerNo = '', reason = '', text = ''] = fields;
      if (!(EXCLUSION_REASONS as readonly string[]).includes(reason))
        errors.add({ lineNo, column: 'reason', value: reason.slice(0, 80), code: 'exclusion_reason_unknown' });
      else if (found.has(customerNo))
        errors.add({ lineNo, column: 'customer_no', value: customerNo, code: 'exclusion_twice' });
      else found.set(customerNo, { reason: reason as ExclusionReason, text: text.slice(0, 500), lineNo, met: false });
    }
  });
  return found;
}

/** Rows as COPY's text format, in pieces of some size; a row with a flaw is staged by its customer number alone. */
async function* stagedLines(
  path: string,
  charset: Charset,
  exclusions: Map<string, Exclusion>,
  errors: Errors,
): AsyncGenerator<string> {
  const header = (await readHeader(path, charset))?.header ?? [];
  const at = HOLDER_COLUMNS.map((column) => header.indexOf(column));
  let piece = '';
  for await (const { fields, lineNo } of csvRecords(path, charset)) {
    if (fields.length !== header.length) {
      errors.add({
        lineNo,
        column: null,
        value: null,
        code: fields.length < header.length ? 'too_few_columns' : 'too_many_columns',
      });
      continue;
    }
    const row = Object.fromEntries(
      HOLDER_COLUMNS.map((column, index) => [column, fields[at[index] ?? 0] ?? '']),
    ) as RawRow;
    const exclusion = exclusions.get(row.customer_no) ?? null;
    if (exclusion) exclusion.met = true;
    const flaws = flawsOf(row, exclusion?.reason ?? null);
    for (const { column, value, code } of flaws) errors.add({ lineNo, column, value: shownValue(column, value), code });
    piece += flaws.length > 0 ? flawedLine(row, lineNo) : line(row, lineNo, exclusion);
    if (piece.length > 65_536) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

function line(row: RawRow, lineNo: number, exclusion: Exclusion | null): string {
  const values = HOLDER_COLUMNS.map((column) => copyText(row[column]));
  return `${lineNo}\t${values.join('\t')}\t${copyText(exclusion?.reason ?? '')}\t${copyText(exclusion?.text ?? '')}\n`;
}

/** Still looked at for doubles; nothing of a file with flaws is taken over. */
function flawedLine(row: RawRow, lineNo: number): string {
  return `${lineNo}\t${copyText(row.customer_no.replaceAll('\0', ''))}${'\t\\N'.repeat(HOLDER_COLUMNS.length + 1)}\n`;
}

/** Blank is null. */
function copyText(value: string): string {
  if (value === '') return '\\N';
  return /[\\\t\n\r]/.test(value)
    ? value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
    : value;
}

function compareTotals(snapshot: Declared, totals: Totals, errors: Errors): void {
  const compare = (what: string, declared: string | undefined, found: string, unit: string) => {
    if (declared === undefined || new Decimal(declared).equals(found)) return;
    const difference = new Decimal(found).minus(declared).toFixed();
    errors.add({
      lineNo: null,
      column: what,
      value: `declared ${declared}, found ${found}, difference ${difference} ${unit}`,
      code: 'control_total_differs',
    });
  };
  compare('declaredCount', snapshot.declaredCount.toString(), totals.row_count, 'rows');
  compare('declaredTotalXem', snapshot.declaredTotalXem.toFixed(), totals.total_xem, 'XEM');
  compare('declaredPayableCount', snapshot.declaredPayableCount?.toString(), totals.payable_count, 'rows');
  compare('declaredPayableTotalXem', snapshot.declaredPayableTotalXem?.toFixed(), totals.payable_total_xem, 'XEM');
  compare('declaredExcludedCount', snapshot.declaredExcludedCount?.toString(), totals.excluded_count, 'rows');
  compare('declaredExcludedTotalXem', snapshot.declaredExcludedTotalXem?.toFixed(), totals.excluded_total_xem, 'XEM');
}
