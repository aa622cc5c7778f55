import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify';
import { Approvals } from '../approval/approvals.js';
import { Database } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { decodeUuidCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { reasonOf } from './row-errors.js';
import { errorsByReason, snapshotView } from './snapshot-view.js';
import { FORM_PARTS, SnapshotNotFound, SnapshotStateConflict } from './snapshot.errors.js';
import { SnapshotRepository } from './snapshot.repository.js';
import { maySnapshotBecome } from './snapshot.state.js';
import { SEAL } from './snapshot.subject.js';
import { SealRules } from './seal.rules.js';
import type { SealAskedView, SnapshotDetailView, SnapshotView } from './snapshot.views.js';
import type { Part } from './columns.js';
import { excludedByReason } from './sql/excluded-by-reason.sql.js';
import { readProgress } from './sql/read-progress.sql.js';

const ERRORS_AT_ONCE = 1_000;
const SEAL_LIMITS = { timeoutMs: 60_000 };

/** Snapshots as finance sees them, and asking for their seal; what a seal does is in snapshot.subject.ts. */
@Injectable()
export class SnapshotService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly snapshots: SnapshotRepository,
    private readonly rules: SealRules,
    private readonly approvals: Approvals,
  ) {}

  list({ limit, cursor }: PageQuery): Promise<Page<SnapshotView>> {
    const beforeId = decodeUuidCursor(cursor);
    return this.database.consistentRead(async (tx) =>
      toPage(await this.snapshots.list(tx, limit, beforeId), limit, (row) => row.id, snapshotView),
    );
  }

  /** Errors: snapshot_not_found. */
  show(context: RequestContext, id: string): Promise<SnapshotDetailView> {
    return this.database.consistentRead(async (tx) => {
      const row = await this.snapshots.find(tx, id);
      if (!row) throw new SnapshotNotFound();
      const rowsRead = row.status === 'importing' ? await readProgress(tx, id) : null;
      return {
        ...snapshotView(row),
        rowsRead: rowsRead?.toString() ?? null,
        errors: errorsByReason(row, context.language),
        excludedByReason: (await excludedByReason(tx, id)).map(({ reason, count, totalXem }) => ({
          reason,
          count: count.toString(),
          totalXem,
        })),
      };
    });
  }

  /**
   * Asks for the seal of a ready snapshot. Errors: snapshot_not_found, snapshot_state_conflict, base_already_sealed,
   * supplement_before_base, customers_sealed_already, and those of asking for approval.
   */
  seal(context: RequestContext, id: string): Promise<SealAskedView> {
    return this.commands.run(
      context,
      async (tx) => {
        const row = await this.snapshots.lock(tx, id);
        if (!row) throw new SnapshotNotFound();
        if (!maySnapshotBecome(row.status, 'sealed') || !row.contentHash) throw new SnapshotStateConflict(row.status);
        await this.rules.assertSealable(tx, row);
        const ask = { subjectType: SEAL, subjectId: id, contentHash: row.contentHash, amountJpy: null };
        return { ...snapshotView(row), approvalRequest: await this.approvals.open(tx, context, ask) };
      },
      SEAL_LIMITS,
    );
  }

  /**
   * The faults of an invalid snapshot as CSV, read and sent a part at a time, so that a slow reader holds no connection.
   * Spreadsheets take no cell for a formula, and see by the byte order mark that it is UTF-8. Errors: snapshot_not_found.
   */
  async errorsCsv(id: string): Promise<Readable> {
    const row = await this.database.consistentRead((tx) => this.snapshots.find(tx, id));
    if (!row) throw new SnapshotNotFound();
    const columns = ['file', 'line', 'column', 'value', 'code', 'reason_ja', 'reason_en'];
    const csv = stringify({ header: true, columns, bom: true, escape_formulas: true, record_delimiter: 'windows' });
    return Readable.from(this.errorRecords(id)).pipe(csv);
  }

  private async *errorRecords(id: string): AsyncGenerator<unknown[]> {
    for (let after = 0n; ;) {
      const rows = await this.database.consistentRead((tx) => this.snapshots.listErrors(tx, id, after, ERRORS_AT_ONCE));
      for (const { part, lineNo, columnName, value, code } of rows) {
        const { ja, en } = reasonOf(code);
        yield [FORM_PARTS[part as Part], lineNo, columnName, value, code, ja, en];
      }
      const last = rows.at(-1);
      if (!last || rows.length < ERRORS_AT_ONCE) return;
      after = last.id;
    }
  }
}
