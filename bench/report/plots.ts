import { Spec as VegaSpec, View, parse, Warn } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { JobResults } from '../job.bench.js';
import type { Result } from '../measures.js';

/** Ratios as bars with the spread of their rounds; the stroke is how far one may go. */
export function plotRatios(results: readonly Result[], better: 'lower' | 'higher'): Promise<string> {
  const values = results
    .filter((result) => result.better === better && result.unit !== 's')
    .map(({ id, ratio, reach, holds, spread: [least, most] }) => ({ id, ratio, reach, holds, least, most }));
  const x = {
    type: 'quantitative' as const,
    title: 'ours / beside',
    scale: { type: better === 'lower' ? 'linear' : 'log' } as const,
  };
  const y = { field: 'id', type: 'nominal' as const, title: null, sort: null };
  return svg({
    width: 520,
    height: { step: 26 },
    data: { values },
    layer: [
      {
        mark: better === 'lower' ? { type: 'bar', height: 12 } : { type: 'circle', size: 120, opacity: 1 },
        encoding: {
          x: { ...x, field: 'ratio' },
          y,
          color: {
            field: 'holds',
            type: 'nominal',
            scale: { domain: [true, false], range: ['#3a7d44', '#c0392b'] },
            legend: { title: null, labelExpr: "datum.label == 'true' ? 'holds' : 'missed'" },
          },
        },
      },
      { mark: { type: 'rule', strokeWidth: 2 }, encoding: { x: { ...x, field: 'least' }, x2: { field: 'most' }, y } },
      { mark: { type: 'tick', thickness: 3, size: 20, color: 'black' }, encoding: { x: { ...x, field: 'reach' }, y } },
    ],
  });
}

/** Time per row by the number of holders: level lines are what one wants to see. */
export function plotGrowth(growth: JobResults['growth']): Promise<string> {
  return svg({
    width: 520,
    height: 260,
    data: {
      values: growth.map(({ holders, work, microseconds }) => ({
        holders,
        work: work.replace('growth-', ''),
        microseconds,
      })),
    },
    layer: [
      { mark: { type: 'line' }, encoding: { y: { aggregate: 'median', field: 'microseconds', type: 'quantitative' } } },
      {
        mark: { type: 'point', filled: true },
        encoding: { y: { field: 'microseconds', type: 'quantitative', title: 'µs per row' } },
      },
    ],
    encoding: {
      x: { field: 'holders', type: 'quantitative', axis: { format: ',d', tickCount: 5 } },
      color: { field: 'work', type: 'nominal', legend: { title: null } },
    },
  });
}

function svg(spec: TopLevelSpec): Promise<string> {
  const compiled: VegaSpec = compile({ ...spec, background: 'white' }).spec;
  return new View(parse(compiled), { renderer: 'none', logLevel: Warn }).toSVG();
}
