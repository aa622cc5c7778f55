import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../platform/database/project-root.js';

/** Market data that a rate is shown with. */
export interface Evidence {
  readonly kind: 'ohlc' | 'trades';
  readonly file: string;
  readonly name: string;
  /** What people must know about it. */
  readonly explanation: string;
}

/** Bars of the exchange at the time; they are not part of the project and may lie beside it. */
const REAL_BARS = 'zaif-xem-jpy-30m-ohlc.csv';
const MADE_UP = 'made-up-trades.csv';

/**
 * Pairs of trades around 88.549 JPY within the announced window. Each pair has one quantity, and its prices are as far
 * above as below, so that the average is exactly the price: they show how evidence works and are evidence of nothing.
 */
const MADE_UP_PAIRS = [
  { minute: '2018-01-26T15:00', above: '91.049', below: '86.049', quantity: '1200' },
  { minute: '2018-01-26T21:30', above: '97.549', below: '79.549', quantity: '3400.5' },
  { minute: '2018-01-27T03:15', above: '89.049', below: '88.049', quantity: '800.25' },
  { minute: '2018-01-27T18:45', above: '93.549', below: '83.549', quantity: '2100' },
];

/** The real bars if they are there, else trades that are made up and say so. */
export async function marketEvidence(folder: string): Promise<Evidence> {
  const bars = join(projectRoot, '..', 'shared', 'data', REAL_BARS);
  if (existsSync(bars)) {
    return {
      kind: 'ohlc',
      file: bars,
      name: REAL_BARS,
      explanation: 'Evidence: real 30-minute bars of Zaif, without volume, so they give bounds and proxies only',
    };
  }
  const rows = MADE_UP_PAIRS.flatMap(({ minute, above, below, quantity }) => [
    `${minute}:00+09:00,${above},${quantity}`,
    `${minute}:30+09:00,${below},${quantity}`,
  ]);
  const file = join(folder, MADE_UP);
  await writeFile(file, `${['time,price,quantity', ...rows].join('\n')}\n`);
  return {
    kind: 'trades',
    file,
    name: MADE_UP,
    explanation: `The real bars (${bars}) are not here. Evidence: MADE-UP trades, which show how it works and prove nothing`,
  };
}
