import fc from 'fast-check';
import {
  customerClaimState,
  customerReason,
  type CustomerClaimFacts,
} from '../../src/customer/customer-claim.state.js';
import { calculationText, grouped } from '../../src/claim/calculation.js';
import type { CustomerClaimView } from '../../src/customer/customer.views.js';
import {
  approvedBatch,
  createBatchWorld,
  draft,
  execute,
  quantities,
  submit,
  type BatchWorld,
} from '../credit-batch/batches.js';
import { jstDate } from '../../src/platform/clock/jst.js';
import { post } from '../claim/claims.js';
import { customerToken } from '../harness/customer.js';
import { staffToken } from '../harness/staff.js';

const PATH = '/v1/me/claim';
const rank = { under_review: 0, being_credited: 1, credited: 2, not_covered: 2 } as const;

describe('a customer’s own claim', () => {
  let world: BatchWorld;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(1_200));
  });
  afterAll(() => world.server.close());

  const read = async (customerNo: string, headers: Record<string, string> = {}) => {
    const token = await customerToken(world.server, customerNo);
    return world.server.call<CustomerClaimView>('GET', PATH, { token, headers });
  };
  const claimNoOf = async (customerNo: string) => (await read(customerNo)).body.claimNo?.replaceAll('-', '') ?? '';

  it('says quantity, price, amount and how it was calculated, and nothing about anybody else', async () => {
    const { status, body, headers } = await read('C1');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('private, no-cache');
    expect(body).toEqual({
      customerNo: 'C1',
      claimNo: expect.stringMatching(/^\d{4}-\d{4}-\d{4}$/) as string,
      state: { code: 'under_review', text: { en: 'Under review', ja: '確認中' } },
      reason: { code: 'under_review', text: expect.anything() as object },
      quantity: { quantityXem: '1.000000', asOf: '2018-01-26T14:59:59Z', parts: null },
      amount: {
        priceJpyPerXem: '88.549',
        amountJpy: '89',
        calculation: {
          en: '1 XEM × 88.549 JPY = 88.549 JPY, rounded to the nearest yen: 89 JPY',
          ja: '1 XEM × 88.549円 = 88.549円、1円未満四捨五入: 89円',
        },
      },
      credit: null,
      history: [expect.objectContaining({ at: '2018-01-26T14:59:59Z' }), expect.anything()],
      next: expect.objectContaining({ ja: expect.stringContaining('お手続きは不要です') as string }) as object,
      warning: expect.anything() as object,
    });
    expect((await read('C2')).body.customerNo).toBe('C2');
  });

  it('answers 304 while nothing has changed', async () => {
    const first = await read('C3');
    const again = await read('C3', { 'if-none-match': String(first.headers.etag) });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((await read('C4', { 'if-none-match': String(first.headers.etag) })).status).toBe(200);
  });

  it('answers many who ask at once whether something has changed, each about their own', async () => {
    const customers = ['C10', 'C11', 'C12', 'C13', 'C14', 'C15'];
    const tokens = await Promise.all(customers.map((customerNo) => customerToken(world.server, customerNo)));
    const ask = (token: string, tag: string) =>
      world.server.call<CustomerClaimView>('GET', PATH, { token, headers: { 'if-none-match': tag } });
    const first = await Promise.all(tokens.map((token) => ask(token, '"none"')));
    expect(first.map(({ body }) => body.customerNo)).toEqual(customers);
    const tags = first.map(({ headers }) => String(headers.etag));
    expect(new Set(tags).size).toBe(customers.length);
    const again = await Promise.all(tokens.map((token, index) => ask(token, tags[index] ?? '')));
    expect(again.map(({ status }) => status)).toEqual(customers.map(() => 304));
    const others = await Promise.all(tokens.map((token, index) => ask(token, tags.at(index - 1) ?? '')));
    expect(others.map(({ status, body }) => [status, body.customerNo])).toEqual(customers.map((no) => [200, no]));
  });

  it('reads the same for a claim on hold as for one that waits', async () => {
    const before = await read('C5');
    const { token } = await staffToken(world.server, 'claims_officer');
    await post(world.server, token, `/v1/claims/${await claimNoOf('C5')}/holds`, {
      visibility: 'open',
      reasonCode: 'other',
      reasonText: 'x',
    });
    expect((await read('C5')).body).toEqual(before.body);
  });

  it('never steps back, and is credited only together with the wallet, while a batch runs', async () => {
    const customers = Array.from({ length: 8 }, (_, n) => `C${100 + n * 120}`);
    const seen = new Map<string, number>();
    const look = async (customerNo: string) => {
      const { body } = await read(customerNo);
      const now = rank[body.state.code];
      expect(now).toBeGreaterThanOrEqual(seen.get(customerNo) ?? 0);
      seen.set(customerNo, now);
      if (body.state.code !== 'credited') return expect(body.credit).toBeNull();
      const [wallet] = await world.server.database.asSuperuser<{ balance_jpy: string }>(
        'SELECT balance_jpy FROM ledger_account a JOIN holder h ON h.id = a.holder_id WHERE customer_no = $1',
        [customerNo],
      );
      expect(wallet?.balance_jpy).toBe(body.amount?.amountJpy);
      expect(body.credit).toMatchObject({ amountJpy: body.amount?.amountJpy, withdrawal: 'identity_check_needed' });
    };
    const lookAtAll = () => Promise.all(customers.map(look));

    const drafted = await draft(world, {});
    await lookAtAll();
    await submit(world, drafted.body);
    await lookAtAll();
    expect([...seen.values()]).toEqual(customers.map(() => rank.under_review));
    await post(world.server, world.finance.maker, `/v1/credit-batches/${drafted.body.id}/cancel`, { reason: 'x' });

    const batch = await approvedBatch(world);
    await lookAtAll();
    expect([...seen.values()]).toEqual(customers.map(() => rank.being_credited));
    const job = { isDone: false };
    const executed = execute(world, batch.id).finally(() => {
      job.isDone = true;
    });
    while (!job.isDone) await lookAtAll();
    await executed;
    await lookAtAll();
    expect([...seen.values()]).toEqual(customers.map(() => rank.credited));
    // Held when the batch was drafted, so it was never in it.
    expect((await read('C5')).body).toMatchObject({ state: { code: 'under_review' }, credit: null });
    const done = await read('C100');
    expect(done.body.reason).toMatchObject({ code: 'action_needed' });
    expect(done.body.history.map(({ text }) => text.ja).at(-1)).toBe('残高に反映しました。');
  });

  it('is followed by the one posting that there is, and by no other customer’s', async () => {
    const token = await customerToken(world.server, 'C100');
    const { body } = await world.server.call<{ items: unknown[] }>('GET', '/v1/me/transactions', { token });
    const amountJpy = (await read('C100')).body.amount?.amountJpy;
    expect(body.items).toEqual([
      { id: expect.any(String) as string, postingDate: jstDate(new Date()), label: 'NEM補償金', amountJpy },
    ]);
    const stranger = await customerToken(world.server, 'C-STRANGER');
    expect((await world.server.call('GET', '/v1/me/transactions', { token: stranger })).body).toMatchObject({
      items: [],
    });
  });

  it('is answered anew, under another ETag, after whatever it says has changed', async () => {
    const token = await customerToken(world.server, 'C100');
    const look = (headers: Record<string, string> = {}) =>
      world.server.call<CustomerClaimView>('GET', PATH, { token, headers });
    const own = `(SELECT id FROM holder WHERE customer_no LIKE 'C100%' AND customer_no !~ '^C100[0-9]')`;
    const claim = `(SELECT id FROM claim WHERE holder_id = ${own})`;
    const changes = [
      `frozen_balance SET available_xem = quantity_xem, in_order_xem = 0, lent_xem = 0, in_transit_xem = 0 WHERE holder_id = ${own}`,
      ...['in_order_xem', 'lent_xem', 'in_transit_xem'].map(
        (part) => `frozen_balance SET available_xem = available_xem - 1, ${part} = 1 WHERE holder_id = ${own}`,
      ),
      `frozen_balance SET available_xem = available_xem + 1, quantity_xem = quantity_xem + 1 WHERE holder_id = ${own}`,
      `snapshot SET as_of = as_of + interval '1 second'`,
      `claim SET price_jpy_per_xem = price_jpy_per_xem + 0.000001 WHERE id = ${claim}`,
      `claim SET rounding_rule = 'up' WHERE id = ${claim}`,
      `claim SET price_jpy_per_xem = price_jpy_per_xem + 1, amount_jpy = ceil(quantity_xem * (price_jpy_per_xem + 1)) WHERE id = ${claim}`,
      `claim SET created_at = created_at + interval '1 second' WHERE id = ${claim}`,
      `credit_batch SET approved_at = approved_at + interval '1 second' WHERE approved_at IS NOT NULL`,
      `ledger_transfer SET posting_date = posting_date + 1 WHERE reference_id = ${claim}`,
      `ledger_transfer SET label = 'another' WHERE reference_id = ${claim}`,
      `ledger_transfer SET created_at = created_at + interval '1 second' WHERE reference_id = ${claim}`,
      `holder SET identity_status = 'verified' WHERE id = ${own}`,
      `holder SET account_status = 'restricted' WHERE id = ${own}`,
      `claim SET status = 'approved' WHERE id = ${claim}`,
      `claim SET status = 'rejected' WHERE id = ${claim}`,
      `claim_decision SET version = (SELECT version FROM claim WHERE id = ${claim}) WHERE claim_id = ${claim}`,
      `claim_decision SET decided_at = decided_at + interval '1 second' WHERE claim_id = ${claim}`,
      `claim SET status = 'approved' WHERE id = ${claim}`,
      `frozen_balance SET excluded_reason = 'other' WHERE holder_id = ${own}`,
      `holder SET customer_no = 'C100-X' WHERE id = ${own}`,
    ];
    for (const change of changes) {
      const before = await look();
      await world.server.database.asSuperuser(`SET session_replication_role = replica; UPDATE ${change}`);
      const after = await look({ 'if-none-match': String(before.headers.etag) });
      expect({ change, status: after.status }).toEqual({ change, status: 200 });
      expect(after.body).not.toEqual(before.body);
      expect(after.headers.etag).not.toBe(before.headers.etag);
      const again = await look({ 'if-none-match': String(after.headers.etag) });
      expect([again.status, again.headers.etag, again.headers['cache-control']]).toEqual([
        304,
        after.headers.etag,
        'private, no-cache',
      ]);
    }
  });

  it('is shown to nobody on the next request after the session ended', async () => {
    const token = await customerToken(world.server, 'C7');
    const tag = String((await read('C7')).headers.etag);
    const look = async () => (await world.server.call('GET', PATH, { token })).status;
    const lookAgain = async () =>
      (await world.server.call('GET', PATH, { token, headers: { 'if-none-match': tag } })).status;
    expect([await look(), await look(), await lookAgain()]).toEqual([200, 200, 304]);
    await world.server.database.asSuperuser(
      `UPDATE customer_session SET ended_at = now(), end_reason = 'signed_out'
       WHERE holder_id = (SELECT id FROM holder WHERE customer_no = 'C7')`,
    );
    expect([await lookAgain(), await look()]).toEqual([401, 401]);
  });

  it('of a customer without any balance says that there is nothing yet', async () => {
    expect((await read('C-STRANGER')).body).toMatchObject({ claimNo: null, quantity: null, amount: null });
  });
});

describe('the four states', () => {
  const facts = fc.record<CustomerClaimFacts>({
    excluded: fc.boolean(),
    status: fc.constantFrom(null, 'pending', 'approved', 'rejected', 'credited'),
    amountJpy: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n })),
    everInApprovedBatch: fc.boolean(),
    mayWithdraw: fc.boolean(),
  });

  it('follow from the facts, and money comes first', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const state = customerClaimState(given);
        if (given.status === 'credited') expect(state).toBe('credited');
        if (given.status === 'rejected') expect(state).toBe('not_covered');
        if (state === 'being_credited') expect(given.everInApprovedBatch).toBe(true);
        if (state === 'under_review') expect(given.everInApprovedBatch).toBe(false);
        if (state === 'under_review' || state === 'being_credited') expect(customerReason(given)).toBe(state);
      }),
    );
  });

  it('a calculation shows the exact product, to the last decimal', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n }), fc.bigInt({ min: 1n, max: 10n ** 9n }), (micro, milli) => {
        const decimal = (units: bigint, places: number) =>
          `${units / 10n ** BigInt(places)}.${String(units % 10n ** BigInt(places)).padStart(places, '0')}`;
        const text = calculationText({
          quantityXem: decimal(micro, 6),
          priceJpyPerXem: decimal(milli, 3),
          roundingRule: 'half_up',
          amountJpy: '1',
        }).ja;
        expect(text).toContain(` = ${grouped(decimal(micro * milli, 9))}円、`);
      }),
    );
    expect(grouped('1234567.500000')).toBe('1,234,567.5');
  });
});
