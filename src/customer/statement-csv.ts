import { stringify } from 'csv-stringify/sync';
import type { Statement } from './statement.js';

/** The same lines for a spreadsheet: UTF-8 with a byte order mark, cells that could be formulas defused. */
export function statementCsv({ statementNo, lines, notes }: Statement): string {
  const number = { ja: '文書番号', en: 'Statement number' };
  const rows = [
    ['項目', '内容', 'item', 'content'],
    [number.ja, statementNo, number.en, statementNo],
    ...lines.map(({ label, value }) => [label.ja, value.ja, label.en, value.en]),
    ...notes.map((note) => ['注記', note.ja, 'note', note.en]),
  ];
  return stringify(rows, { bom: true, record_delimiter: 'windows', escape_formulas: true });
}
