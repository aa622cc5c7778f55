import type { Readable } from 'node:stream';
import type { Decimal } from '../platform/decimal.js';
import type { Json } from '../platform/json.js';
import { barFigures, barLengthMs, type Bar } from './bar-figures.amount.js';
import { evidenceRows, RowErrors } from './evidence-csv.js';
import { EvidenceInvalid, EvidenceOutsideWindow, EvidenceTooLarge } from './evidence.errors.js';
import { jstInstant, parseScaled, type PriceWindow } from './price-window.amount.js';
import { TradeFigures } from './trade-figures.amount.js';

/** Bars are kept in memory until the last one has said how long they are; years of one-minute bars fit in. */
const MAX_BARS = 200_000;

const EPOCH_MS = /^\d{13}$/;
const ISO_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** What a file of evidence comes down to. */
export interface Evidence {
  readonly rowCount: bigint;
  readonly figures: { readonly [key: string]: Json };
}

export interface Announcement {
  readonly priceJpyPerXem: Decimal;
  /** The announced window first. */
  readonly windows: readonly PriceWindow[];
}

/** From single trades the average is recomputed exactly. Errors: evidence_empty, evidence_invalid, evidence_outside_window. */
export async function readTrades(source: Readable, { priceJpyPerXem, windows }: Announcement): Promise<Evidence> {
  const errors = new RowErrors();
  const sums = new TradeFigures(windows);
  let rowCount = 0n;
  for await (const { line, values } of evidenceRows(source, ['time', 'price', 'quantity'], errors)) {
    const [time = '', price = '', quantity = ''] = values;
    const timeMs = instant(line, 'time', time, errors);
    const scaledPrice = decimal(line, 'price', price, errors);
    const scaledQuantity = decimal(line, 'quantity', quantity, errors);
    if (timeMs !== null && scaledPrice !== null && scaledQuantity !== null)
      sums.add(timeMs, scaledPrice, scaledQuantity);
    rowCount += 1n;
  }
  if (!sums.touchesAnnounced) throw outside(windows);
  return {
    rowCount,
    figures: { kind: 'trades', priceJpyPerXem: priceJpyPerXem.toFixed(), windows: sums.figures(priceJpyPerXem) },
  };
}

const BAR_NOTE = {
  en: 'Bars carry no volume. The bounds hold for any volume-weighted average; the proxies are consistent with a price or not, and prove none.',
  ja: '四本値には出来高がありません。上下限はあらゆる出来高加重平均について成り立ちますが、代替値は参考であり、単価の証明にはなりません。',
};

/** From bars without volume come bounds and proxies only. Errors: evidence_empty, evidence_invalid, evidence_outside_window, evidence_too_large. */
export async function readBars(source: Readable, { priceJpyPerXem, windows }: Announcement): Promise<Evidence> {
  const errors = new RowErrors();
  const bars: Bar[] = [];
  let rowCount = 0n;
  for await (const { line, values } of evidenceRows(source, ['date', 'open', 'high', 'low', 'close'], errors)) {
    const bar = readBar(line, values, bars.at(-1), errors);
    if (bar) bars.push(bar);
    rowCount += 1n;
    if (bars.length > MAX_BARS) throw new EvidenceTooLarge(`${MAX_BARS} bars`);
  }
  const lengthMs = barLengthMs(bars);
  if (lengthMs === null)
    throw new EvidenceInvalid([
      { line: 2, column: 'date', value: null, reason: 'one bar alone does not show how long a bar is; two are needed' },
    ]);
  const figures = barFigures(bars, lengthMs, windows, priceJpyPerXem);
  if (figures[0]?.barCount === '0') throw outside(windows);
  return {
    rowCount,
    figures: {
      kind: 'ohlc',
      priceJpyPerXem: priceJpyPerXem.toFixed(),
      note: BAR_NOTE,
      barSeconds: (lengthMs / 1000).toString(),
      windows: figures,
    },
  };
}

function readBar(line: number, values: readonly string[], before: Bar | undefined, errors: RowErrors): Bar | null {
  const [date = '', ...prices] = values;
  if (!EPOCH_MS.test(date)) {
    errors.add(line, 'date', date, 'must be the start of the bar in milliseconds since 1970, 13 digits');
    return null;
  }
  const startMs = Number(date);
  if (before && startMs <= before.startMs) errors.add(line, 'date', date, 'must be later than in the row before');
  const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((column, index) =>
    decimal(line, column, prices[index] ?? '', errors),
  );
  if (!open || !high || !low || !close) return null;
  if (low > high || open < low || open > high || close < low || close > high)
    errors.add(line, 'high', prices[1] ?? '', 'open, low and close must not lie above high, nor below low');
  return { startMs, high, low, close };
}

function instant(line: number, column: string, text: string, errors: RowErrors): number | null {
  const ms = EPOCH_MS.test(text) ? Number(text) : ISO_WITH_OFFSET.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  errors.add(
    line,
    column,
    text,
    'must be a time with its offset, such as 2018-01-26T12:09:00+09:00, or milliseconds since 1970',
  );
  return null;
}

function decimal(line: number, column: string, text: string, errors: RowErrors): bigint | null {
  const value = parseScaled(text);
  if (value === null)
    errors.add(
      line,
      column,
      text,
      'must be a plain decimal above 0, with at most 12 digits before and 8 after the point',
    );
  return value;
}

function outside([announced]: readonly PriceWindow[]): EvidenceOutsideWindow {
  return new EvidenceOutsideWindow(jstInstant(announced?.startMs ?? 0), jstInstant(announced?.endMs ?? 0));
}
