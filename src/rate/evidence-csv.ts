import { pipeline, type Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { EvidenceEmpty, EvidenceInvalid, type RowError } from './evidence.errors.js';

/** Market data have short lines; one without an end is refused instead of being read. */
const MAX_LINE = 1_000;
const MAX_ERRORS = 20;

/** Collects what is wrong with a file, so that its maker corrects many rows at once. */
export class RowErrors {
  private readonly errors: RowError[] = [];

  /** Errors: evidence_invalid, as soon as there are as many as anyone would read. */
  add(line: number, column: string | null, value: string | null, reason: string): void {
    this.errors.push({ line, column, value: value?.slice(0, 40) ?? null, reason });
    if (this.errors.length >= MAX_ERRORS) this.throwIfAny();
  }

  /** Errors: evidence_invalid. */
  throwIfAny(): void {
    if (this.errors.length > 0) throw new EvidenceInvalid(this.errors);
  }
}

export interface EvidenceRow {
  readonly line: number;
  /** In the order in which the columns were asked for. */
  readonly values: readonly string[];
}

/**
 * The rows of a CSV with exactly these columns, in whatever order, one by one and in constant memory.
 * Errors: evidence_empty, evidence_invalid.
 */
export async function* evidenceRows(
  source: Readable,
  columns: readonly string[],
  errors: RowErrors,
): AsyncGenerator<EvidenceRow> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE,
  });
  // What goes wrong with the source comes out of the parser; who stops reading the parser stops the source.
  pipeline(source, parser, () => undefined);
  let places: readonly number[] | null = null;
  let rows = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (places === null) {
        places = placesOf(record, columns, errors);
        continue;
      }
      rows += 1;
      if (record.length === columns.length)
        yield { line: info.lines, values: places.map((place) => record[place] ?? '') };
      else errors.add(info.lines, null, null, `the row has ${record.length} values instead of ${columns.length}`);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    errors.add(
      typeof error.lines === 'number' ? error.lines : 1,
      null,
      null,
      `the line cannot be read as CSV (${error.code})`,
    );
  }
  errors.throwIfAny();
  if (rows === 0) throw new EvidenceEmpty();
}

function placesOf(header: readonly string[], columns: readonly string[], errors: RowErrors): number[] {
  const names = header.map((name) => name.trim());
  for (const [index, name] of names.entries()) {
    if (!columns.includes(name)) errors.add(1, name, name, `unknown column; the columns are ${columns.join(',')}`);
    else if (names.indexOf(name) !== index) errors.add(1, name, name, 'the column is there twice');
  }
  for (const name of columns) if (!names.includes(name)) errors.add(1, name, null, 'the column is missing');
  errors.throwIfAny();
  return columns.map((name) => names.indexOf(name));
}
