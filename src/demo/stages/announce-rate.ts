import { openAsBlob } from 'node:fs';
import { marketEvidence, type Evidence } from './market-evidence.js';
import { findPending, haveApproved } from './have-approved.js';
import type { Demo, Stage } from './stage.js';

interface Rate {
  readonly id: string;
  readonly status: string;
  readonly evidence: readonly { readonly figures: { readonly windows: readonly WindowFigures[] } }[];
}

/** The announced window comes first; which figures there are depends on the kind of evidence. */
interface WindowFigures {
  readonly lowestLow?: string;
  readonly highestHigh?: string;
  readonly proxies?: { readonly rangeWeightedTypicalPrice: string; readonly equalWeightedTypicalPrice: string };
  readonly vwapJpyPerXem?: string;
}

const PRICE_JPY_PER_XEM = '88.549';

/** As announced at the time; the other ends of the window are those that sources disagree about. */
const ANNOUNCEMENT = {
  priceJpyPerXem: PRICE_JPY_PER_XEM,
  method: 'Volume-weighted average of Zaif XEM/JPY',
  windowStart: '2018-01-26T12:09:00+09:00',
  windowEnd: '2018-01-27T23:00:00+09:00',
  alternativeStarts: ['2018-01-26T12:38:00+09:00', '2018-01-26T12:57:00+09:00'],
  alternativeEnds: ['2018-01-28T02:41:00+09:00'],
  roundingRule: 'half_up',
  sourceText: 'Notice of 2018-01-28 on compensation for NEM holders',
  legalWording: {
    ja: 'NEMの不正送金に伴う補償として、下記の金額を日本円残高に反映します。お手続きは不要です。',
    en: 'As compensation for the stolen NEM the amount below is added to your JPY balance. You need do nothing.',
  },
};

export const announceRate: Stage = {
  name: 'rate',
  title: 'Two people agree on the rate and its evidence',
  async run(demo, bar) {
    bar.expect(3, 'steps');
    const maker = demo.people.as('maker');
    const { id } = await maker.change<Rate>('announce the rate', '/v1/rates', () => ANNOUNCEMENT);
    await demo.journal.keepId('rate', id);
    bar.step();
    const evidence = await marketEvidence(demo.folder);
    if ((await readRate(demo, id)).evidence.length === 0) await addEvidence(demo, id, evidence);
    bar.step();
    const request = await findPending(demo, 'checker1', 'rate', id);
    if (request) await haveApproved(demo, bar, request, ['checker1', 'checker2']);
    const rate = await readRate(demo, id);
    if (rate.status !== 'effective') throw new Error(`The rate is ${rate.status} and not effective.`);
    bar.note(`${PRICE_JPY_PER_XEM} JPY per XEM, ${ANNOUNCEMENT.windowStart} to ${ANNOUNCEMENT.windowEnd}`);
    bar.note(evidence.explanation);
    const figures = rate.evidence[0]?.figures.windows[0];
    if (figures) bar.note(toldBy(figures));
  },
};

const readRate = ({ people }: Demo, id: string): Promise<Rate> => people.as('maker').read<Rate>(`/v1/rates/${id}`);

async function addEvidence({ people }: Demo, rateId: string, { kind, file, name }: Evidence): Promise<void> {
  const form = new FormData();
  form.set('kind', kind);
  form.set('file', await openAsBlob(file, { type: 'text/csv' }), name);
  await people.as('maker').upload('add the evidence', `/v1/rates/${rateId}/evidence`, form, () => undefined);
}

function toldBy({ lowestLow, highestHigh, proxies, vwapJpyPerXem }: WindowFigures): string {
  if (vwapJpyPerXem !== undefined) return `The average of the made-up trades is ${vwapJpyPerXem} JPY`;
  const proxy = proxies
    ? `; proxies, which prove nothing: ${proxies.rangeWeightedTypicalPrice} and ${proxies.equalWeightedTypicalPrice} JPY`
    : '';
  return `Any volume-weighted average of these bars lies in ${lowestLow} to ${highestHigh} JPY${proxy}`;
}
