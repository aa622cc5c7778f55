import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { holderRows, type HolderPlan, type HolderRow } from './holder-rows.js';
import { formatXem } from './micro-xem.js';

export const HOLDER_COLUMNS = [
  'customer_no',
  'kind',
  'name',
  'name_kana',
  'email',
  'phone',
  'birth_date',
  'country',
  'language',
  'account_status',
  'identity_status',
  'available_xem',
  'in_order_xem',
  'lent_xem',
  'in_transit_xem',
  'quantity_xem',
] as const;
export const EXCLUSION_COLUMNS = ['customer_no', 'reason', 'text'] as const;

const WRITE_CHARACTERS = 65_536;

/** Number of rows and their sum in micro-XEM. */
export interface ControlTotal {
  readonly count: number;
  readonly total: bigint;
}

/** What finance declares beside the file, so that a wrong or cut-off file is noticed. */
export interface ControlTotals {
  readonly whole: ControlTotal;
  readonly excluded: ControlTotal;
  readonly payable: ControlTotal;
}

/** Where to write, and who wants to know how far it is; ending early leaves files that must be written anew. */
export interface HolderFiles {
  readonly holdersFile: string;
  readonly exclusionsFile: string;
  readonly onRow?: () => void;
  readonly signal?: AbortSignal;
}

/** Writes the export and its exclusion list row by row, so that a million holders take no more memory than one. */
export async function writeHolders(
  plan: HolderPlan,
  { holdersFile, exclusionsFile, onRow, signal }: HolderFiles,
): Promise<ControlTotals> {
  const tally = new Tally();
  const exclusions: string[][] = [];
  const rows = function* (): Generator<string[]> {
    for (const row of holderRows(plan)) {
      tally.count(row);
      if (row.excluded) exclusions.push([row.customerNo, row.excluded.reason, row.excluded.text]);
      onRow?.();
      yield cellsOf(row);
    }
  };
  await writeCsv(holdersFile, HOLDER_COLUMNS, rows(), signal);
  await writeCsv(exclusionsFile, EXCLUSION_COLUMNS, exclusions, signal);
  return tally.totals;
}

class Tally {
  private readonly excluded = { count: 0, total: 0n };
  private readonly payable = { count: 0, total: 0n };

  count(row: HolderRow): void {
    const side = row.excluded ? this.excluded : this.payable;
    side.count += 1;
    side.total += row.quantity;
  }

  get totals(): ControlTotals {
    const { excluded, payable } = this;
    return {
      whole: { count: excluded.count + payable.count, total: excluded.total + payable.total },
      excluded: { ...excluded },
      payable: { ...payable },
    };
  }
}

function cellsOf({ customerNo, person, parts, quantity }: HolderRow): string[] {
  return [
    customerNo,
    person.kind,
    person.name,
    person.nameKana,
    person.email,
    person.phone,
    person.birthDate,
    person.country,
    person.language,
    person.accountStatus,
    person.identityStatus,
    ...[parts.available, parts.inOrder, parts.lent, parts.inTransit, quantity].map(formatXem),
  ];
}

function writeCsv(
  file: string,
  columns: readonly string[],
  rows: Iterable<string[]>,
  signal?: AbortSignal,
): Promise<void> {
  const lines = function* (): Generator<string> {
    yield lineOf(columns);
    // Some at a time, because a write per line would take most of the time.
    let some = '';
    for (const row of rows) {
      some += lineOf(row);
      if (some.length < WRITE_CHARACTERS) continue;
      yield some;
      some = '';
    }
    yield some;
  };
  // Only the owner may read it: a real export has the same columns, with real people in them.
  return pipeline(Readable.from(lines()), createWriteStream(file, { mode: 0o600 }), signal ? { signal } : {});
}

/** Nothing made up here holds a comma, a quote or a line break, so no cell has to be quoted. */
const lineOf = (cells: readonly string[]): string => `${cells.join(',')}\n`;
