import {
  approvedBatch,
  createBatchWorld,
  credited,
  draft,
  execute,
  quantities,
  show,
  sum,
  type BatchWorld,
} from './batches.js';

describe('a credit batch from draft to completed', () => {
  let world: BatchWorld;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(120));
  });
  afterAll(() => world.server.close());

  it('pays a pilot and then the rest, each claim once', async () => {
    const pilot = await approvedBatch(world, { sampleSize: 10 });
    expect(pilot).toMatchObject({ status: 'approved', itemCount: '10' });
    await execute(world, pilot.id);
    expect(await show(world, pilot.id)).toMatchObject({
      status: 'completed',
      creditedCount: '10',
      skippedCount: '0',
      remainingCount: '0',
      possible: [],
    });

    const rest = await approvedBatch(world);
    expect(rest).toMatchObject({
      itemCount: '110',
      totalJpy: (sum(world.amounts) - BigInt(pilot.totalJpy)).toString(),
    });
    await execute(world, rest.id);
    expect(await show(world, rest.id)).toMatchObject({ status: 'completed', creditedCount: '110' });
    expect(await credited(world)).toEqual({
      claims: 120,
      transfers: 120,
      sumJpy: sum(world.amounts),
      walletsJpy: sum(world.amounts),
      mostPerClaim: 1,
    });

    const items = await world.server.call<{ items: { state: string }[] }>(
      'GET',
      `/v1/credit-batches/${pilot.id}/items`,
      { token: world.finance.maker },
    );
    expect(items.body.items.map((item) => item.state)).toEqual(Array(10).fill('credited'));
    const again = await draft(world);
    expect(again).toMatchObject({ status: 422, body: { code: 'credit_batch_empty' } });
    expect(await world.server.database.asSuperuser('SELECT FROM credit_batch')).toHaveLength(2);
  });
});
