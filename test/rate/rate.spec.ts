import { ApprovalService } from '../../src/approval/approval.service.js';
import type { ApprovalRequestDetailView } from '../../src/approval/approval.dto.js';
import { Database } from '../../src/platform/database/database.js';
import type { RateDetailView, RatePage } from '../../src/rate/rate.views.js';
import { Rates } from '../../src/rate/rates.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { announcement, decideRate, newKey, proposeRate, type ProblemBody } from './rates.js';

describe('announcing a rate', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  const show = async (id: string) => {
    const { token } = await staffToken(server, 'auditor');
    return server.call<RateDetailView & ProblemBody>('GET', `/v1/rates/${id}`, { token });
  };
  const countRows = async (): Promise<string> => {
    const [row] = await server.database.asSuperuser<{ rows: string }>(
      `SELECT (SELECT count(*) FROM rate) || ' rates, ' || (SELECT count(*) FROM legal_wording) || ' wordings, '
        || (SELECT count(*) FROM approval_request) || ' requests, ' || (SELECT count(*) FROM idempotency_key) || ' keys' AS rows`,
    );
    return row?.rows ?? '';
  };

  it('keeps what was announced, and is effective only when another person approved it', async () => {
    const proposed = await proposeRate(server);
    expect(proposed).toMatchObject({
      status: 201,
      body: {
        ...announcement(),
        status: 'proposed',
        effectiveAt: null,
        evidenceCount: '0',
        legalWording: {
          ja: '補償として日本円残高に反映します。',
          en: 'Added to your JPY balance as compensation.',
          version: expect.any(Number),
        },
        approvalRequest: { subjectType: 'rate', amountJpy: null, requiredCheckers: 1, status: 'pending' },
      },
    });
    const effective = () =>
      server.app.get(Database).consistentRead((tx) => server.app.get(Rates, { strict: false }).effective(tx));
    expect(await effective()).toBeNull();
    const decided = await decideRate(server, proposed.body.approvalRequest.id);
    expect(decided.body).toMatchObject({ status: 'approved', outcome: { status: 'effective', superseded: null } });
    expect(await effective()).toMatchObject({
      id: proposed.body.id,
      roundingRule: 'half_up',
      wordingVersion: proposed.body.legalWording.version,
    });
    expect((await show(proposed.body.id)).body).toMatchObject({ status: 'effective', effectiveAt: expect.any(String) });
    expect((await decideRate(server, proposed.body.approvalRequest.id)).body.code).toBe('approval_request_closed');
  });

  it('is superseded by the next one, and wordings get versions by their text', async () => {
    const [first, second, third] = [
      await proposeRate(server),
      await proposeRate(server, announcement({ priceJpyPerXem: '88.5' })),
      await proposeRate(server, announcement({ legalWording: { ja: '別の文言', en: 'Another wording' } })),
    ];
    expect(second.body.legalWording.version).toBe(first.body.legalWording.version);
    expect(third.body.legalWording.version).toBeGreaterThan(first.body.legalWording.version);
    await decideRate(server, first.body.approvalRequest.id);
    const { token } = await staffToken(server, 'finance_checker');
    const request = await server.call<ApprovalRequestDetailView>(
      'GET',
      `/v1/approval-requests/${second.body.approvalRequest.id}`,
      { token },
    );
    expect(request.body.preview).toMatchObject({ priceJpyPerXem: '88.5', wouldSupersede: first.body.id, evidence: [] });
    expect((await decideRate(server, second.body.approvalRequest.id)).body.outcome).toMatchObject({
      superseded: first.body.id,
    });
    expect((await show(first.body.id)).body.status).toBe('superseded');
    const rows = await server.database.asSuperuser(`SELECT FROM rate WHERE status = 'effective'`);
    expect(rows).toHaveLength(1);
  });

  it('lets one of several approved at once become effective last, never two', async () => {
    const proposed = await Promise.all(Array.from({ length: 4 }, () => proposeRate(server)));
    const decided = await Promise.all(proposed.map(({ body }) => decideRate(server, body.approvalRequest.id)));
    expect(decided.some(({ status }) => status === 200)).toBe(true);
    const rows = await server.database.asSuperuser(`SELECT FROM rate WHERE status = 'effective'`);
    expect(rows).toHaveLength(1);
  });

  it('is rejected with a reason and then final', async () => {
    const { body } = await proposeRate(server);
    await decideRate(server, body.approvalRequest.id, 'refuse');
    expect((await show(body.id)).body.status).toBe('rejected');
    const { token } = await staffToken(server, 'finance_maker');
    expect(await server.call('POST', `/v1/rates/${body.id}/submit`, { token, headers: newKey() })).toMatchObject({
      status: 409,
      body: { code: 'rate_not_lapsed' },
    });
  });

  it('is asked for again in one step by its maker after it lapsed', async () => {
    const { body } = await proposeRate(server);
    await server.database.asSuperuser(`ALTER TABLE approval_request DISABLE TRIGGER USER`);
    await server.database.asSuperuser(
      `UPDATE approval_request SET created_at = now() - interval '9 days', expires_at = now() - interval '1 minute' WHERE status = 'pending'`,
    );
    await server.database.asSuperuser(`ALTER TABLE approval_request ENABLE TRIGGER USER`);
    await server.app.get(ApprovalService, { strict: false }).expireOverdue();
    expect((await show(body.id)).body.status).toBe('lapsed');
    const submit = async (token: string) =>
      server.call<{ code?: string; approvalRequest?: { id: string } }>('POST', `/v1/rates/${body.id}/submit`, {
        token,
        headers: newKey(),
      });
    expect(await submit((await createStaff(server, 'finance_maker')).token)).toMatchObject({
      status: 403,
      body: { code: 'rate_of_another_maker' },
    });
    const again = await submit((await staffToken(server, 'finance_maker')).token);
    expect(again).toMatchObject({ status: 200, body: { id: body.id, status: 'proposed' } });
    expect((await decideRate(server, again.body.approvalRequest?.id ?? '')).body.status).toBe('approved');
  });

  it.each([
    ['a price of 0', { priceJpyPerXem: '0' }, 'priceJpyPerXem'],
    ['a price of 0.00', { priceJpyPerXem: '0.00' }, 'priceJpyPerXem'],
    ['a negative price', { priceJpyPerXem: '-88.549' }, 'priceJpyPerXem'],
    ['10 decimals', { priceJpyPerXem: '88.5490000001' }, 'priceJpyPerXem'],
    ['NaN', { priceJpyPerXem: 'NaN' }, 'priceJpyPerXem'],
    ['infinity', { priceJpyPerXem: 'Infinity' }, 'priceJpyPerXem'],
    ['an exponent', { priceJpyPerXem: '1e3' }, 'priceJpyPerXem'],
    ['a hexadecimal price', { priceJpyPerXem: '0x10' }, 'priceJpyPerXem'],
    ['a comma', { priceJpyPerXem: '88,549' }, 'priceJpyPerXem'],
    ['full-width digits', { priceJpyPerXem: '８８' }, 'priceJpyPerXem'],
    ['a number instead of text', { priceJpyPerXem: 88.549 }, 'priceJpyPerXem'],
    ['a misplaced point', { priceJpyPerXem: '88549000' }, 'priceJpyPerXem'],
    ['no price', { priceJpyPerXem: undefined }, 'priceJpyPerXem'],
    ['a start without offset', { windowStart: '2018-01-26T12:09:00' }, 'windowStart'],
    ['an end without offset', { windowEnd: '2018-01-27 23:00' }, 'windowEnd'],
    ['a day that is not in the calendar', { windowEnd: '2018-02-30T23:00:00+09:00' }, 'windowEnd'],
    ['the year 0', { windowStart: '0000-01-26T12:09:00+09:00' }, 'windowStart'],
    ['an offset that is nowhere', { windowStart: '2018-01-26T12:09:00+99:00' }, 'windowStart'],
    ['second 60', { windowStart: '2018-01-26T12:09:60+09:00' }, 'windowStart'],
    ['an alternative without offset', { alternativeEnds: ['2018-01-28T02:41:00'] }, 'alternativeEnds'],
    [
      'six alternatives',
      { alternativeStarts: Array.from({ length: 6 }, () => '2018-01-26T12:38:00+09:00') },
      'alternativeStarts',
    ],
    ['an unknown rounding rule', { roundingRule: 'half_even' }, 'roundingRule'],
    ['no method', { method: '' }, 'method'],
    ['no wording', { legalWording: undefined }, 'legalWording'],
    ['a wording in one language', { legalWording: { ja: '文言' } }, 'legalWording.en'],
    ['a wording as a list', { legalWording: [] }, 'legalWording'],
    ['a wording with an unknown field', { legalWording: { ja: 'あ', en: 'a', version: 1 } }, 'legalWording.version'],
    ['an unknown field', { status: 'effective' }, 'status'],
  ])('refuses %s and leaves nothing behind', async (_what, changes, path) => {
    const before = await countRows();
    const { status, body } = await proposeRate(server, announcement(changes));
    expect({ status, code: body.code, paths: body.errors?.map((error) => error.path) }).toEqual({
      status: 400,
      code: 'validation_failed',
      paths: expect.arrayContaining([path]),
    });
    expect(await countRows()).toBe(before);
  });

  it('refuses NUL in a text and leaves nothing behind', async () => {
    const before = await countRows();
    expect(await proposeRate(server, announcement({ sourceText: 'no\u0000tice' }))).toMatchObject({
      status: 400,
      body: { code: 'nul_character' },
    });
    expect(await countRows()).toBe(before);
  });

  it.each([
    ['a window turned around', { windowStart: '2018-01-27T23:00:00+09:00', windowEnd: '2018-01-26T12:09:00+09:00' }],
    ['a window of no length', { windowEnd: '2018-01-26T03:09:00Z', alternativeStarts: [], alternativeEnds: [] }],
    ['an alternative after the end', { alternativeStarts: ['2018-01-28T00:00:00+09:00'] }],
    ['an alternative before the start', { alternativeEnds: ['2018-01-26T12:30:00+09:00'] }],
  ])('refuses %s and leaves nothing behind', async (_what, changes) => {
    const before = await countRows();
    expect(await proposeRate(server, announcement(changes))).toMatchObject({
      status: 400,
      body: { code: 'window_reversed' },
    });
    expect(await countRows()).toBe(before);
  });

  it('does once what is asked twice with the same key', async () => {
    const headers = newKey();
    const first = await proposeRate(server, announcement(), headers);
    const before = await countRows();
    expect((await proposeRate(server, announcement(), headers)).body.id).toBe(first.body.id);
    expect(await proposeRate(server, announcement({ method: 'x' }), headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await proposeRate(server, announcement(), {})).toMatchObject({
      status: 400,
      body: { code: 'idempotency_key_required' },
    });
    expect(await countRows()).toBe(before);
  });

  it('is listed page by page and found by its id', async () => {
    const { token } = await staffToken(server, 'claims_officer');
    const page = await server.call<RatePage>('GET', '/v1/rates?limit=1', { token });
    const next = await server.call<RatePage>('GET', `/v1/rates?limit=1&cursor=${page.body.nextCursor}`, { token });
    expect(page.body.items[0]?.id.localeCompare(next.body.items[0]?.id ?? '')).toBe(1);
    for (const cursor of ['x', Buffer.from('k:nothing').toString('base64url')])
      expect((await server.call('GET', `/v1/rates?cursor=${cursor}`, { token })).status).toBe(400);
    expect(await show('01932c07-209c-7e5f-8a3c-5a0c8f1f6a05')).toMatchObject({
      status: 404,
      body: { code: 'rate_not_found' },
    });
    expect((await server.call('GET', '/v1/rates/1', { token })).status).toBe(400);
  });

  it.each([
    'support_agent',
    'team_lead',
    'claims_officer',
    'compliance',
    'finance_checker',
    'auditor',
    'administrator',
  ] as const)('is not proposed by the role %s', async (role) => {
    const { token } = await staffToken(server, role);
    expect((await server.call('POST', '/v1/rates', { token, body: announcement(), headers: newKey() })).status).toBe(
      403,
    );
  });
});

describe('what a rate comes to', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
    await arrangeProgramme(server.database, {
      quantitiesMicroXem: [5_000n, 6_000n, 12_000_000n, 1_000_000_000_001n],
      fundJpy: 0n,
    });
  });
  afterAll(() => server.close());

  it('is shown for the sealed balances under each rounding rule, exactly', async () => {
    const { body } = await proposeRate(server, announcement({ priceJpyPerXem: '88.549', roundingRule: 'up' }));
    const { token } = await staffToken(server, 'finance_checker');
    const seen = await server.call<RateDetailView>('GET', `/v1/rates/${body.id}`, { token });
    // 0.442745, 0.531294, 1062.588 and 88549000.000088549 yen.
    expect(seen.body.impliedTotal).toEqual({
      payableCount: '4',
      quantityXem: '1000012.011001',
      exactJpy: '88550063.562127549',
    });
    expect(seen.body.rounding).toEqual([
      {
        rule: 'half_up',
        chosen: false,
        totalJpy: '88550064',
        residueJpy: '-0.437872451',
        paidCount: '3',
        belowOneYenCount: '1',
      },
      {
        rule: 'up',
        chosen: true,
        totalJpy: '88550066',
        residueJpy: '-2.437872451',
        paidCount: '4',
        belowOneYenCount: '0',
      },
      {
        rule: 'down',
        chosen: false,
        totalJpy: '88550062',
        residueJpy: '1.562127549',
        paidCount: '2',
        belowOneYenCount: '2',
      },
    ]);
  });

  it('is nothing before anything is sealed', async () => {
    const empty = await createTestApp();
    try {
      const { body } = await proposeRate(empty);
      const { token } = await staffToken(empty, 'finance_maker');
      const seen = await empty.call<RateDetailView>('GET', `/v1/rates/${body.id}`, { token });
      expect(seen.body.impliedTotal).toEqual({ payableCount: '0', quantityXem: '0', exactJpy: '0' });
      expect(
        seen.body.rounding.map(({ rule, totalJpy, paidCount, belowOneYenCount }) => [
          rule,
          totalJpy,
          paidCount,
          belowOneYenCount,
        ]),
      ).toEqual([
        ['half_up', '0', '0', '0'],
        ['up', '0', '0', '0'],
        ['down', '0', '0', '0'],
      ]);
    } finally {
      await empty.close();
    }
  });
});
