import { arrangeBooks, tamper } from '../reconciliation/books.js';
import { closeMailWorld, createArrangedMailWorld, mails, release, show, work, type MailWorld } from './campaigns.js';

describe('mails about credits', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await createArrangedMailWorld((database) =>
      arrangeBooks(
        database,
        [
          { microXem: 3_000_000n, standing: 'credited' },
          { microXem: 5_000_000n, standing: 'pending' },
          { microXem: 7_000_000n, standing: 'credited' },
        ],
        1_000_000n,
      ),
    );
  });
  afterAll(() => closeMailWorld(world));

  const setBatch = (set: string) => tamper(world.server.database, `UPDATE credit_batch SET ${set}`);

  it('wait until their batch is completed and the books balance, and reach whom it credited', async () => {
    const [batch] = await world.server.database.asSuperuser<{ id: string; status: string }>(
      'SELECT id, status FROM credit_batch',
    );
    await tamper(
      world.server.database,
      `INSERT INTO credit_batch_item (batch_id, seq, claim_id, wallet_account_id, amount_jpy)
       SELECT b.id, row_number() OVER (ORDER BY c.id), c.id, c.wallet_account_id, c.amount_jpy FROM credit_batch b, claim c WHERE c.status = 'credited'`,
    );
    await setBatch(`status = 'executing'`);
    const id = await release(world, { kind: 'credited', creditBatchId: batch?.id });
    await work(world, id);
    expect((await show(world, id)).waves[0]).toMatchObject({ status: 'planned', waitsFor: 'batch_not_completed' });
    await expect(
      world.server.database.asApp(`UPDATE mail_wave SET status = 'sending' WHERE campaign_id = $1`, [id]),
    ).rejects.toMatchObject({ constraint: 'mail_wave_after_batch' });

    await setBatch(`status = 'completed'`);
    const fund = (change: string) =>
      tamper(
        world.server.database,
        `UPDATE ledger_account SET balance_jpy = balance_jpy ${change} WHERE kind = 'compensation_fund'`,
      );
    await fund('+ 1');
    await work(world, id);
    expect((await show(world, id)).waves[0]).toMatchObject({ status: 'planned', waitsFor: 'books_not_balanced' });
    expect(await mails(world, id)).toEqual([]);

    await fund('- 1');
    await work(world, id);
    expect((await show(world, id)).waves[0]).toMatchObject({ waitsFor: null, status: 'completed' });
    expect((await mails(world, id)).map(({ customerNo, status }) => [customerNo, status])).toEqual([
      ['C1', 'sent'],
      ['C3', 'sent'],
    ]);
  });
});
