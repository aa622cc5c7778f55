import Table from 'cli-table3';
import type { Result } from '../measures.js';

export function resultTable(results: readonly Result[]): string {
  const table = new Table({
    head: ['', 'ours', 'beside', 'unit', 'ratio', 'spread', 'reach', ''],
    style: { head: [], border: [] },
  });
  for (const { id, ours, theirs, unit, ratio, spread, reach, better, holds } of results) {
    const bound = `${better === 'lower' ? '≤' : '≥'} ${reach}`;
    table.push([id, ours, theirs, unit, ratio, spread.join('–'), bound, holds ? 'holds' : 'MISSED']);
  }
  return table.toString();
}
