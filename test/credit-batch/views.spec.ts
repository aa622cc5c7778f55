import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { speedOf } from '../../src/credit-batch/credit-batch.progress.js';
import { approvedBatch, createBatchWorld, draft, execute, quantities, sum, type BatchWorld } from './batches.js';

describe('what people see of a credit batch', () => {
  let world: BatchWorld;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(30));
  });
  afterAll(() => world.server.close());

  const get = <B>(path: string) =>
    world.server.call<B>('GET', `/v1/credit-batches${path}`, { token: world.finance.maker });

  it('previews what it holds and leaves out, as JSON and as CSV with every item', async () => {
    await world.server.database.asSuperuser(
      `INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
       SELECT c.id, 'open', 'active', 'no_wallet', 'closed', repeat('a', 64) FROM claim c JOIN holder h ON h.id = c.holder_id WHERE customer_no = 'C3'`,
    );
    const { body: batch } = await draft(world, { sampleSize: 10 }, { label: '=1+1' });
    const { body } = await get<Record<string, unknown>>(`/${batch.id}/preview`);
    const sorted = world.amounts.filter((_, index) => index !== 2).toSorted((a, b) => Number(a - b));
    expect(body).toMatchObject({
      count: '10',
      totalJpy: batch.totalJpy,
      smallest: { amountJpy: sorted[0]?.toString() },
      excluded: [
        { reason: 'not_selected', count: '19' },
        { reason: 'under_review', count: '1', sumJpy: world.amounts[2]?.toString() },
      ],
      skipped: [],
    });
    const largest = body.tenLargest as { amountJpy: string }[];
    expect(largest).toHaveLength(10);
    expect(largest[0]?.amountJpy).toBe(sorted.at(-1)?.toString());
    expect(sum(largest.map((claim) => BigInt(claim.amountJpy))).toString()).toBe(batch.totalJpy);

    const csv = await get<string>(`/${batch.id}/preview.csv`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const rows = parse<Record<string, string>>(csv.body, { bom: true, columns: true });
    expect(rows.find((row) => row.section === 'label')?.key).toBe(`'=1+1`);
    const items = rows.filter((row) => row.section === 'item');
    expect(sum(items.map((row) => BigInt(row.amount_jpy ?? 0))).toString()).toBe(batch.totalJpy);
    expect(rows.find((row) => row.section === 'excluded' && row.key === 'under_review')).toMatchObject({ count: '1' });
    expect(await get('/999/preview.csv')).toMatchObject({ status: 404, body: { code: 'credit_batch_not_found' } });
  });

  it('pages through batches and items without gaps or repetitions', async () => {
    const { body: batch } = await draft(world, { sampleSize: 5 });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { body: { items: { seq: string }[]; nextCursor: string | null } } = await get(
        `/${batch.id}/items?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      );
      seen.push(...page.body.items.map((item) => item.seq));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(['1', '2', '3', '4', '5']);
    const first = await get<{ items: { id: string }[]; nextCursor: string }>('?limit=1');
    const second = await get<{ items: { id: string }[] }>(`?limit=1&cursor=${first.body.nextCursor}`);
    expect(Number(first.body.items[0]?.id)).toBeGreaterThan(Number(second.body.items[0]?.id));
    expect(await get(`/${batch.id}/items?cursor=nonsense`)).toMatchObject({
      status: 400,
      body: { code: 'cursor_invalid' },
    });
  });

  it('shows batches under way to Prometheus', async () => {
    const batch = await approvedBatch(world, { sampleSize: 3 });
    const stop = new AbortController();
    stop.abort();
    await execute(world, batch.id, stop.signal);
    const underWay = `henkin_credit_batch_items{batch="${batch.id}",status="executing",state="remaining"} 3`;
    const metrics = async () => (await world.server.call<string>('GET', '/metrics')).body;
    expect(await metrics()).toContain(underWay);
    await execute(world, batch.id);
    expect(await metrics()).not.toContain(`batch="${batch.id}"`);
  });

  it('streams progress until the batch has ended, to whoever shows a token in the header', async () => {
    const batch = await approvedBatch(world);
    const path = `/${batch.id}/events`;
    expect((await world.server.call('GET', `/v1/credit-batches${path}`)).status).toBe(401);
    expect((await world.server.call('GET', `/v1/credit-batches${path}?token=${world.finance.maker}`)).status).toBe(401);
    expect(await get('/999/events')).toMatchObject({ status: 404, body: { code: 'credit_batch_not_found' } });
    const streamed = get<string>(path);
    await execute(world, batch.id);
    const { headers, body } = await streamed;
    expect(headers['content-type']).toContain('text/event-stream');
    const events = body
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as Record<string, string>);
    expect(events.at(-1)).toMatchObject({
      id: batch.id,
      status: 'completed',
      creditedJpy: batch.totalJpy,
      remainingCount: '0',
    });
  });

  it('estimates from the current run alone', () => {
    fc.assert(
      fc.property(
        fc.nat(300_000),
        fc.nat(300_000),
        fc.nat(300_000),
        fc.integer({ min: 1, max: 10_000_000 }),
        (before, run, left, ms) => {
          const runningSince = new Date(0);
          const speed = speedOf({
            itemCount: BigInt(before + run + left),
            creditedCount: BigInt(before + run),
            skippedCount: 0n,
            runningSince,
            doneBeforeRun: BigInt(before),
            progressedAt: new Date(ms),
          });
          if (run === 0) return speed.itemsPerSecond === null && speed.secondsLeft === null;
          const exact = run / (ms / 1000);
          return (
            Math.abs((speed.itemsPerSecond ?? -1) - exact) <= 0.06 &&
            Math.abs((speed.secondsLeft ?? -1) - left / exact) <= 0.06
          );
        },
      ),
    );
  });
});
