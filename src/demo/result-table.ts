import Table from 'cli-table3';
import { Decimal } from '../platform/decimal.js';
import { grouped } from './figures.js';
import type { Result } from './result.js';
import { PRICE_JPY_PER_XEM } from './stages/announce-rate.js';

/** The job as a finance director reads it: what was owed, what was paid, what is left and why. */
export function resultTable(result: Result, seconds: Readonly<Record<string, number>>, peakRssMb: number): string {
  const table = new Table({
    colAligns: ['left', 'right', 'right'],
    head: ['', 'claims', 'JPY'],
    style: { head: [], border: [] },
  });
  const { credited, underReview } = result;
  const owed = new Decimal(result.jpyTotal).plus(result.residueJpy).toFixed();
  table.push(
    [`${grouped(result.xemTotal)} XEM × ${PRICE_JPY_PER_XEM} JPY`, '', grouped(owed)],
    ['Rounding to whole yen, once per claim', '', grouped(new Decimal(result.residueJpy).neg().toFixed())],
    ['Sum of all claims', grouped(result.holders), grouped(result.jpyTotal)],
    ['  credited to wallets', grouped(credited.count), grouped(credited.sumJpy)],
    ['  under review: neither approved nor credited', grouped(underReview.count), grouped(underReview.sumJpy)],
    ['  closed, because below one yen', grouped(result.belowOneYenCount), '0'],
    ['Left in the compensation fund', '', grouped(result.compensationFundJpy)],
    ['Approved and not yet credited', '', grouped(result.approvedUncreditedJpy)],
    ['Trial balance', '', grouped(result.trialBalanceJpy)],
  );
  const times = Object.entries(seconds).map(([part, took]) => `${part} ${took.toFixed(1)}`);
  const all = Object.values(seconds).reduce((sum, took) => sum + took, 0);
  return `\n${table.toString()}\nSeconds: ${times.join(', ')}; together ${all.toFixed(1)}. Peak memory of the server: ${peakRssMb} MB.\n`;
}
