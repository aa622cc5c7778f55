import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { RateDetailView } from '../../src/rate/rate.views.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { addEvidence, announcement, decideRate, newKey, proposeRate, sendForm } from './rates.js';

interface Figures {
  readonly kind: string;
  readonly note?: { readonly en: string };
  readonly barSeconds?: string;
  readonly windows: readonly (Record<string, unknown> & { readonly proxies: Record<string, string> })[];
}

const TRADES = [
  'time,price,quantity',
  '2018-01-26T12:08:59.999+09:00,1,1000000',
  '2018-01-26T12:09:00+09:00,100,1',
  '1516937940000,90.5,2.5',
  '2018-01-27T13:59:59Z,80,10',
  '2018-01-27T23:00:00+09:00,1000,1',
  '2018-01-28T02:40:59+09:00,70,0.00000001',
].join('\n');

describe('evidence for a rate', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  const propose = async (changes: Record<string, unknown> = {}) =>
    (await proposeRate(server, announcement(changes))).body;
  const leftovers = async (rateId: string): Promise<string> => {
    const [row] = await server.database.asSuperuser<{ rows: string }>(
      `SELECT (SELECT count(*) FROM rate_evidence WHERE rate_id = $1) || ' files, ' || (SELECT count(*) FROM approval_request WHERE subject_id = $1::text) || ' requests' AS rows`,
      [rateId],
    );
    return row?.rows ?? '';
  };

  it('recomputes the average from trades exactly, for every pairing of the window’s ends', async () => {
    const rate = await propose();
    const { status, body } = await addEvidence(server, rate.id, 'trades', TRADES);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'trades',
      rowCount: '6',
      fileSha256: createHash('sha256').update(TRADES).digest('hex'),
    });
    const { windows } = body.figures as unknown as Figures;
    // 100 × 1 + 90.5 × 2.5 + 80 × 10 = 1126.25 yen for 13.5 XEM.
    expect(windows[0]).toEqual({
      start: '2018-01-26T12:09:00+09:00',
      end: '2018-01-27T23:00:00+09:00',
      announced: true,
      tradeCount: '3',
      quantityXem: '13.5',
      turnoverJpy: '1126.25',
      vwapJpyPerXem: '83.425925925926',
      differenceJpyPerXem: '5.123074074074',
      differenceRatio: '0.061408657048',
    });
    expect(
      windows.map(({ start, end, announced, tradeCount, vwapJpyPerXem }) => [
        String(start).slice(11, 16),
        String(end).slice(11, 16),
        announced,
        tradeCount,
        vwapJpyPerXem,
      ]),
    ).toEqual([
      ['12:09', '23:00', true, '3', '83.425925925926'],
      ['12:38', '23:00', false, '2', '82.100000000000'],
      ['12:57', '23:00', false, '1', '80.000000000000'],
      ['12:09', '02:41', false, '5', expect.any(String)],
      ['12:38', '02:41', false, '4', expect.any(String)],
      ['12:57', '02:41', false, '3', expect.any(String)],
    ]);
  });

  it('gives bounds and proxies from bars without volume, and says that they are no proof', async () => {
    const rate = await propose({
      windowStart: '2018-01-26T12:15:00+09:00',
      windowEnd: '2018-01-26T13:00:00+09:00',
      alternativeStarts: [],
      alternativeEnds: [],
    });
    const start = Date.parse('2018-01-26T11:30:00+09:00');
    const bars = [
      [70, 99, 60, 80],
      [80, 90, 85, 88],
      [88, 100, 80, 90],
      [90, 95, 70, 75],
    ].map(([, high, low, close], index) => `${start + index * 1_800_000},${close},${high},${low},${close}`);
    const { status, body } = await addEvidence(
      server,
      rate.id,
      'ohlc',
      `\uFEFFdate,open,high,low,close\r\n${bars.join('\r\n')}\r\n`,
    );
    expect(status).toBe(201);
    const figures = body.figures as unknown as Figures;
    expect(figures).toMatchObject({
      kind: 'ohlc',
      barSeconds: '1800',
      note: { en: expect.stringContaining('prove none') },
    });
    // Half of the second bar and all of the third lie in the window: (90+85+88)/3 × ½ and (100+80+90)/3 × 1.
    expect(figures.windows).toEqual([
      {
        start: '2018-01-26T12:15:00+09:00',
        end: '2018-01-26T13:00:00+09:00',
        announced: true,
        barCount: '2',
        missingBarCount: '0',
        lowestLow: '80',
        highestHigh: '100',
        announcedWithinBounds: true,
        proxies: { rangeWeightedTypicalPrice: '89.740740740741', equalWeightedTypicalPrice: '89.222222222222' },
      },
    ]);
  });

  it('asks the checkers anew, and they see the figures before they decide', async () => {
    const rate = await propose();
    const added = await addEvidence(server, rate.id, 'trades', TRADES);
    expect(added.body.approvalRequest.id).not.toBe(rate.approvalRequest.id);
    expect(added.body.approvalRequest.contentHash).not.toBe(rate.approvalRequest.contentHash);
    expect((await decideRate(server, rate.approvalRequest.id)).body).toMatchObject({
      code: 'approval_request_closed',
      currentStatus: 'voided',
    });
    const { token } = await staffToken(server, 'finance_checker');
    const request = await server.call<{ preview: RateDetailView }>(
      'GET',
      `/v1/approval-requests/${added.body.approvalRequest.id}`,
      { token },
    );
    expect(request.body.preview.evidence).toEqual([
      expect.objectContaining({ id: added.body.id, figures: added.body.figures }),
    ]);
    expect((await decideRate(server, added.body.approvalRequest.id)).body.status).toBe('approved');
    const shown = await server.call<RateDetailView>('GET', `/v1/rates/${rate.id}`, { token });
    expect(shown.body).toMatchObject({ status: 'effective', evidenceCount: '1' });
    expect(await addEvidence(server, rate.id, 'trades', `${TRADES}\n`)).toMatchObject({
      status: 409,
      body: { code: 'rate_not_proposed' },
    });
  });

  it('recognises the same file, keeps a key for its file, and takes a second file', async () => {
    const rate = await propose();
    const headers = newKey();
    const first = await addEvidence(server, rate.id, 'trades', TRADES, headers);
    expect((await addEvidence(server, rate.id, 'trades', TRADES, headers)).body).toEqual(first.body);
    const before = await leftovers(rate.id);
    expect(await addEvidence(server, rate.id, 'trades', `${TRADES}\n`, headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await addEvidence(server, rate.id, 'trades', TRADES)).toMatchObject({
      status: 409,
      body: { code: 'evidence_already_there' },
    });
    expect(await leftovers(rate.id)).toBe(before);
    expect((await addEvidence(server, rate.id, 'trades', `${TRADES}\n`)).status).toBe(201);
  });

  const line = (row: string) => `time,price,quantity\n2018-01-26T13:00:00+09:00,1,1\n${row}\n`;
  const bar = (row: string) => `date,open,high,low,close\n1516939200000,2,3,1,2\n${row}\n`;
  it.each<[string, string, string, { line: number; column: string | null }]>([
    ['a header in other words', 'trades', 'time,price,amount\n1,1,1\n', { line: 1, column: 'amount' }],
    ['a column twice', 'trades', 'time,price,price,quantity\n', { line: 1, column: 'price' }],
    ['a missing column', 'ohlc', 'date,open,high,low\n', { line: 1, column: 'close' }],
    ['bars sent as trades', 'trades', bar('1516941000000,2,3,1,2'), { line: 1, column: 'date' }],
    ['a row too short', 'trades', line('2018-01-26T13:00:00+09:00,1'), { line: 3, column: null }],
    ['a row too long', 'trades', line('2018-01-26T13:00:00+09:00,1,1,1'), { line: 3, column: null }],
    ['a time without offset', 'trades', line('2018-01-26T13:00:00,1,1'), { line: 3, column: 'time' }],
    ['a price of 0', 'trades', line('2018-01-26T13:00:00+09:00,0,1'), { line: 3, column: 'price' }],
    ['NaN', 'trades', line('2018-01-26T13:00:00+09:00,NaN,1'), { line: 3, column: 'price' }],
    ['a negative quantity', 'trades', line('2018-01-26T13:00:00+09:00,1,-1'), { line: 3, column: 'quantity' }],
    ['1e3', 'trades', line('2018-01-26T13:00:00+09:00,1,1e3'), { line: 3, column: 'quantity' }],
    ['full-width digits', 'trades', line('2018-01-26T13:00:00+09:00,１,1'), { line: 3, column: 'price' }],
    ['NUL', 'trades', line('2018-01-26T13:00:00+09:00,1\u0000,1'), { line: 3, column: 'price' }],
    ['a quote that never closes', 'trades', line('"2018-01-26T13:00:00+09:00,1,1'), { line: 3, column: null }],
    ['a line without end', 'trades', line('1'.repeat(100_000)), { line: 3, column: null }],
    ['a date that is no epoch', 'ohlc', bar('2018-01-26,2,3,1,2'), { line: 3, column: 'date' }],
    ['bars out of order', 'ohlc', bar('1516937400000,2,3,1,2'), { line: 3, column: 'date' }],
    ['the same bar twice', 'ohlc', bar('1516939200000,2,3,1,2'), { line: 3, column: 'date' }],
    ['a high below the low', 'ohlc', bar('1516941000000,2,1,3,2'), { line: 3, column: 'high' }],
    ['a close above the high', 'ohlc', bar('1516941000000,2,3,1,4'), { line: 3, column: 'high' }],
    ['a single bar', 'ohlc', 'date,open,high,low,close\n1516939200000,2,3,1,2\n', { line: 2, column: 'date' }],
  ])('names the line and column of %s, and keeps nothing', async (_what, kind, csv, error) => {
    const rate = await propose();
    const before = await leftovers(rate.id);
    const { status, body } = await addEvidence(server, rate.id, kind, csv);
    expect({ status, code: body.code, first: body.errors?.[0] }).toEqual({
      status: 400,
      code: 'evidence_invalid',
      first: expect.objectContaining(error),
    });
    expect(await leftovers(rate.id)).toBe(before);
  });

  it('lists at most 20 faulty rows', async () => {
    const rate = await propose();
    const { body } = await addEvidence(server, rate.id, 'trades', `time,price,quantity\n${'x,y,z\n'.repeat(5_000)}`);
    expect(body.errors).toHaveLength(20);
  });

  it.each([
    ['nothing', '', 'evidence_empty'],
    ['a header only', 'time,price,quantity\n', 'evidence_empty'],
    [
      'rows outside the window only',
      'time,price,quantity\n2018-01-26T12:08:59+09:00,1,1\n2018-01-27T23:00:00+09:00,1,1\n',
      'evidence_outside_window',
    ],
    ['rows of other windows only', 'time,price,quantity\n2018-01-28T02:00:00+09:00,1,1\n', 'evidence_outside_window'],
  ])('refuses a file with %s, and keeps nothing', async (_what, csv, code) => {
    const rate = await propose();
    const before = await leftovers(rate.id);
    expect(await addEvidence(server, rate.id, 'trades', csv)).toMatchObject({ status: 400, body: { code } });
    expect(await leftovers(rate.id)).toBe(before);
  });

  it('refuses bars outside the window only', async () => {
    const rate = await propose();
    const csv = 'date,open,high,low,close\n1516374000000,2,3,1,2\n1516375800000,2,3,1,2\n';
    expect(await addEvidence(server, rate.id, 'ohlc', csv)).toMatchObject({
      status: 400,
      body: { code: 'evidence_outside_window' },
    });
  });

  it('refuses forms that are not whole, and keeps nothing', async () => {
    const rate = await propose();
    const url = `/v1/rates/${rate.id}/evidence`;
    const { token } = await staffToken(server, 'finance_maker');
    const before = await leftovers(rate.id);
    const [kind, file] = [
      { name: 'kind', value: 'trades' },
      { name: 'file', file: TRADES },
    ];
    for (const [parts, cutAfter] of [
      [[file], undefined],
      [[file, kind], undefined],
      [[kind], undefined],
      [[], undefined],
      [[kind, file, file], undefined],
      [[{ name: 'kind', value: 'gossip' }, file], undefined],
      [[kind, { name: 'note', value: 'x' }, file], undefined],
      [[kind, file], 300],
    ] as const) {
      expect(
        await sendForm(server, url, parts, { token, ...(cutAfter === undefined ? {} : { cutAfter }) }),
      ).toMatchObject({ status: 400, body: { code: 'upload_broken' } });
    }
    expect((await server.call('POST', url, { token, body: { kind: 'trades' } })).status).toBe(415);
    expect(await leftovers(rate.id)).toBe(before);
  });

  it('refuses a file over the limit', async () => {
    const strict = await createTestApp({ maxUploadMib: 1 });
    try {
      const rate = (await proposeRate(strict)).body;
      const csv = Buffer.concat([
        Buffer.from(`${TRADES}\n`),
        Buffer.alloc(1024 * 1024, '2018-01-26T13:00:00+09:00,88.549,1\n'),
      ]);
      expect(await addEvidence(strict, rate.id, 'trades', csv)).toMatchObject({
        status: 413,
        body: { code: 'evidence_too_large' },
      });
      expect(await strict.database.asSuperuser('SELECT FROM rate_evidence')).toEqual([]);
    } finally {
      await strict.close();
    }
  });

  it('is added by the maker of the rate only', async () => {
    const rate = await propose();
    const send = async (token: string, id = rate.id) =>
      sendForm(
        server,
        `/v1/rates/${id}/evidence`,
        [
          { name: 'kind', value: 'trades' },
          { name: 'file', file: TRADES },
        ],
        { token },
      );
    expect(await send((await createStaff(server, 'finance_maker')).token)).toMatchObject({
      status: 403,
      body: { code: 'rate_of_another_maker' },
    });
    expect((await send((await staffToken(server, 'finance_checker')).token)).status).toBe(403);
    const { token } = await staffToken(server, 'finance_maker');
    expect(await send(token, '01932c07-209c-7e5f-8a3c-5a0c8f1f6a05')).toMatchObject({
      status: 404,
      body: { code: 'rate_not_found' },
    });
  });

  const REAL_BARS = new URL('../../../shared/data/zaif-xem-jpy-30m-ohlc.csv', import.meta.url);
  // The real bars are not part of the project; where they are, the figures on record must come out of them.
  if (existsSync(REAL_BARS)) {
    it('finds the figures on record in the real bars', async () => {
      const rate = await propose();
      const { body } = await addEvidence(server, rate.id, 'ohlc', readFileSync(REAL_BARS));
      expect(body).toMatchObject({
        rowCount: '1009',
        fileSha256: '54e256455c9d0546e770d77a1166dc40ac203fcbb824c95bafb0117a13722da3',
      });
      const { windows } = body.figures as unknown as Figures;
      expect(windows[0]).toMatchObject({
        barCount: '70',
        missingBarCount: '0',
        lowestLow: '70',
        highestHigh: '112.9875',
        announcedWithinBounds: true,
      });
      const rounded = (name: string) => windows.map(({ proxies }) => Number(proxies[name]).toFixed(2));
      expect(rounded('rangeWeightedTypicalPrice')).toEqual(['88.59', '88.55', '88.52', '90.62', '90.58', '90.56']);
      expect(rounded('equalWeightedTypicalPrice')).toEqual(['89.22', '89.01', '88.87', '90.30', '90.12', '90.01']);
    });
  }
});
