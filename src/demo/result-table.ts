import Table from 'cli-table3';
import { Decimal } from '../platform/decimal.js';
import { grouped } from './figures.js';
import type { Result } from './result.js';

/** The job as a finance director reads it: what was owed, what was paid, what is left and why. */
export function resultTable(result: Result): string {
  const withoutRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const table = new Table({
    chars: withoutRules,
    head: ['', 'customers', 'JPY'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [] },
  });
  const { claims, credited, held, belowOneYen, fund } = result;
  const line = (title: string, { count, sumJpy }: { count: string; sumJpy: string }) => [
    title,
    grouped(count),
    grouped(sumJpy),
  ];
  table.push(
    [
      `${grouped(result.xemTotal)} XEM at ${result.priceJpyPerXem} JPY`,
      '',
      grouped(new Decimal(claims.sumJpy).plus(result.residueJpy).toFixed()),
    ],
    ['Rounded once per customer to whole yen', '', grouped(new Decimal(result.residueJpy).neg().toFixed())],
    line('Owed to all customers', claims),
    line('  credited to their wallets', credited),
    line('  held, not credited', held),
    line('  closed: less than one yen', belowOneYen),
    ...result.others.map((other) => line(`  ${other.name}`, other)),
    ['Left in the compensation fund', '', grouped(fund.sumJpy)],
    ['Trial balance', '', grouped(result.trialBalanceJpy)],
  );
  return table.toString();
}
