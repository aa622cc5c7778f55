import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { dayOf } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CreditBatchNotFound } from './credit-batch.errors.js';
import { CreditBatchRepository } from './credit-batch.repository.js';
import type { CreditBatchPreviewView } from './preview.views.js';
import { listItems } from './sql/list-items.sql.js';
import {
  excludedClaims,
  itemDistribution,
  itemsOfStaff,
  skippedItems,
  smallestItem,
  tenLargestItems,
} from './sql/preview-batch.sql.js';
import type { CreditBatchFilter } from './sql/reserve-claims.sql.js';

const LIMITS = { timeoutMs: 60_000 };
/** Items that are read and written at once, so that memory stays flat whatever the size. */
const CSV_PAGE = 5_000;

type CsvRow = readonly [section: string, key: string, customerNo: string, count: string, amountJpy: string];

/** Exactly what a batch holds, what it leaves out and why: for the maker before submitting, the checker before deciding. */
@Injectable()
export class CreditBatchPreviews {
  constructor(
    private readonly database: Database,
    private readonly batches: CreditBatchRepository,
  ) {}

  /** Errors: credit_batch_not_found. */
  show(id: bigint): Promise<CreditBatchPreviewView> {
    return this.database.consistentRead((tx) => this.preview(tx, id), LIMITS);
  }

  async preview(tx: Tx, id: bigint): Promise<CreditBatchPreviewView> {
    const row = await this.batches.find(tx, id);
    if (!row) throw new CreditBatchNotFound();
    const [smallest] = await smallestItem(tx, id);
    return {
      count: row.itemCount.toString(),
      totalJpy: row.totalJpy.toString(),
      label: row.label,
      postingDate: dayOf(row.postingDate),
      notBefore: row.notBefore.toISOString(),
      smallest: smallest ? claimView(smallest) : null,
      tenLargest: (await tenLargestItems(tx, id)).map(claimView),
      distribution: (await itemDistribution(tx, id)).map((line) => ({ fromJpy: line.fromJpy, ...amountView(line) })),
      excluded: (await excludedClaims(tx, id, row.filter as CreditBatchFilter)).map((line) => ({
        reason: line.reason,
        ...amountView(line),
      })),
      skipped: (await skippedItems(tx, id)).map((line) => ({ reason: line.reason, ...amountView(line) })),
      claimsOfStaff: amountView(await itemsOfStaff(tx, id)),
    };
  }

  /**
   * The same as CSV, followed by every item; written piece by piece. Cells that a spreadsheet would take for a formula are
   * defused. Items of a batch never change their amounts, so the pieces need not be of one instant.
   */
  async *csv(id: bigint): AsyncGenerator<string> {
    const preview = await this.show(id);
    yield '\uFEFF' + csvOf([['section', 'key', 'customer_no', 'count', 'amount_jpy'], ...summaryRows(preview)]);
    for (let after = 0n; ;) {
      const items = await this.database.consistentRead((tx) => listItems(tx, id, after, CSV_PAGE));
      const last = items.at(-1);
      if (!last) return;
      yield csvOf(items.map((item) => ['item', item.claimNo, item.customerNo, '1', item.amountJpy.toString()]));
      after = last.seq;
    }
  }
}

function summaryRows(preview: CreditBatchPreviewView): CsvRow[] {
  const { count, totalJpy, label, postingDate, notBefore } = preview;
  const { smallest, tenLargest, distribution, excluded, skipped, claimsOfStaff } = preview;
  return [
    ['label', label, '', '', ''],
    ['posting_date', postingDate, '', '', ''],
    ['not_before', notBefore, '', '', ''],
    ['total', '', '', count, totalJpy],
    ...[smallest]
      .filter((claim) => claim !== null)
      .map((claim): CsvRow => ['smallest', claim.claimNo, claim.customerNo, '1', claim.amountJpy]),
    ...tenLargest.map((claim): CsvRow => ['largest', claim.claimNo, claim.customerNo, '1', claim.amountJpy]),
    ...distribution.map((line): CsvRow => ['distribution', line.fromJpy, '', line.count, line.sumJpy]),
    ...excluded.map((line): CsvRow => ['excluded', line.reason, '', line.count, line.sumJpy]),
    ...skipped.map((line): CsvRow => ['skipped', line.reason, '', line.count, line.sumJpy]),
    ['claims_of_staff', '', '', claimsOfStaff.count, claimsOfStaff.sumJpy],
  ];
}

function csvOf(rows: readonly CsvRow[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  );
}

function amountView({ count, sumJpy }: { count: bigint; sumJpy: bigint }) {
  return { count: count.toString(), sumJpy: sumJpy.toString() };
}

function claimView({ claimNo, customerNo, amountJpy }: { claimNo: string; customerNo: string; amountJpy: bigint }) {
  return { claimNo, customerNo, amountJpy: amountJpy.toString() };
}
