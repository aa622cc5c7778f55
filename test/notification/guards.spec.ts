import { CAMPAIGN_TRANSITIONS, MAIL_TRANSITIONS, WAVE_TRANSITIONS } from '../../src/notification/notification.state.js';
import { closeMailWorld, createMailWorld, release, work, write, type MailWorld } from './campaigns.js';

/** Everything here goes around the application: plain SQL in its role, unless it says superuser. */
describe('what the database says about mails', () => {
  let world: MailWorld;
  let released: string;
  const app = (sql: string, params?: unknown[]) => world.server.database.asApp<{ id: string }>(sql, params);
  beforeAll(async () => {
    world = await createMailWorld(3);
    released = await release(world);
    await work(world, released);
  });
  afterAll(() => closeMailWorld(world));

  /** Tries every pair of states of a table and compares with its transitions. */
  async function tryEdges(
    table: string,
    column: string,
    id: string,
    edges: Record<string, readonly string[]>,
    guard: string,
  ) {
    const others =
      table === 'notification' ? `, unsent_reason = CASE WHEN $2 = 'unsent' THEN 'deceased' END::unsent_reason` : '';
    const released_at = table === 'campaign' ? `, released_at = CASE WHEN $2 = 'released' THEN now() END` : '';
    for (const from of Object.keys(edges)) {
      for (const to of Object.keys(edges).filter((state) => state !== from)) {
        await world.server.database.asSuperuser(
          `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
           UPDATE ${table} SET status = $2::${column}${others}${released_at} FROM off WHERE id = $1`,
          [id, from],
        );
        const outcome = await app(`UPDATE ${table} SET status = $2::${column}${others} WHERE id = $1`, [id, to]).then(
          () => 'moved',
          (error: { constraint?: string }) => error.constraint,
        );
        expect([from, to, outcome]).toEqual([from, to, edges[from]?.includes(to) ? 'moved' : guard]);
      }
    }
  }

  it('moves campaigns, waves and mails exactly along the edges of their tables', async () => {
    const [mail] = await app('SELECT id FROM notification ORDER BY id LIMIT 1');
    const [wave] = await app('SELECT id FROM mail_wave WHERE campaign_id = $1', [released]);
    await tryEdges('campaign', 'campaign_status', released, CAMPAIGN_TRANSITIONS, 'campaign_state');
    await world.server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
       UPDATE campaign SET status = 'released', released_at = now() FROM off`,
    );
    await tryEdges('mail_wave', 'mail_wave_status', wave?.id ?? '', WAVE_TRANSITIONS, 'mail_wave_state');
    await tryEdges('notification', 'notification_status', mail?.id ?? '', MAIL_TRANSITIONS, 'notification_state');
  });

  it('releases nothing that nobody approved, and starts no wave of it', async () => {
    const { body } = await write(world);
    await app(`UPDATE campaign SET status = 'submitted' WHERE id = $1`, [body.id]);
    await expect(app(`UPDATE campaign SET status = 'released' WHERE id = $1`, [body.id])).rejects.toMatchObject({
      constraint: 'campaign_needs_approval',
    });
    await expect(
      app(`UPDATE mail_wave SET status = 'sending' WHERE campaign_id = $1`, [body.id]),
    ).rejects.toMatchObject({
      constraint: 'mail_wave_needs_release',
    });
    await expect(
      app(
        `INSERT INTO mail_wave (campaign_id, seq, starts_at, mails_per_hour, from_hour, to_hour) VALUES ($1, 2, now(), 1, 9, 18)`,
        [body.id],
      ),
    ).rejects.toMatchObject({ constraint: 'mail_wave_while_draft' });
    await expect(
      app(
        `INSERT INTO notification (campaign_id, wave_id, holder_id, status)
      SELECT w.campaign_id, w.id, h.id, 'queued' FROM mail_wave w, holder h WHERE w.campaign_id = $1`,
        [body.id],
      ),
    ).rejects.toMatchObject({
      constraint: 'notification_of_a_sending_wave',
    });
  });

  it('mails about money are at most once, and texts carry neither links nor amounts', async () => {
    const insert = (columns: string, values: string) =>
      app(
        `INSERT INTO campaign (made_by, subject_ja, subject_en, text_ja, text_en, ${columns})
         VALUES (gen_random_uuid(), 'x', 'x', 'x', ${values}) RETURNING id`,
      );
    await expect(insert('kind, delivery_rule', `'x', 'credited', 'at_most_once'`)).rejects.toMatchObject({
      constraint: 'campaign_credited_names_its_batch',
    });
    await expect(
      insert('kind, delivery_rule, credit_batch_id', `'x', 'credited', 'at_least_once', 1`),
    ).rejects.toMatchObject({
      constraint: 'campaign_credited_at_most_once',
    });
    for (const text of ['see http://example.test', '88 円', '¥88', '１２ＸＥＭ 12 XEM', '{{phone}}'])
      await expect(insert('kind, delivery_rule', `'${text}', 'action_needed', 'at_most_once'`)).rejects.toMatchObject({
        constraint: 'campaign_text_is_plain',
      });
  });

  it('one mail per holder and campaign, one resend of it, and only of a first one', async () => {
    await world.server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
       waves AS (UPDATE mail_wave SET status = 'sending' FROM off WHERE campaign_id = $1)
       UPDATE notification SET status = 'sent', unsent_reason = NULL FROM off`,
      [released],
    );
    const again = (resend: string) =>
      app(`INSERT INTO notification (campaign_id, wave_id, holder_id, status, resend_of, resend_reason, requested_by)
        SELECT campaign_id, wave_id, holder_id, 'queued', ${resend} FROM notification ORDER BY id LIMIT 1 RETURNING id`);
    await expect(again('NULL, NULL, NULL')).rejects.toMatchObject({ constraint: 'notification_one_per_holder' });
    await expect(again('id, NULL, NULL')).rejects.toMatchObject({ constraint: 'notification_resend_is_explained' });
    const [further] = await again(`id, 'asked', gen_random_uuid()`);
    await expect(again(`id, 'asked', gen_random_uuid()`)).rejects.toMatchObject({
      constraint: 'notification_one_resend',
    });
    await expect(again(`${further?.id}, 'asked', gen_random_uuid()`)).rejects.toMatchObject({
      constraint: 'notification_resend_of_a_first',
    });
  });

  it('keeps what was written', async () => {
    for (const statement of [
      `UPDATE campaign SET text_ja = 'x'`,
      'UPDATE notification SET message_id = new_message_id()',
      'UPDATE notification SET holder_id = 1',
      'UPDATE mail_wave SET mails_per_hour = 1000000',
      'UPDATE mail_report SET status_code = NULL',
      'UPDATE mail_stop SET reason = NULL',
      'DELETE FROM notification',
      'DELETE FROM campaign',
      'DELETE FROM mail_stop',
      'TRUNCATE mail_report',
    ])
      await expect(app(statement)).rejects.toMatchObject({ code: '42501' });
    await expect(world.server.database.asSuperuser(`UPDATE campaign SET text_ja = 'x'`)).rejects.toMatchObject({
      constraint: 'campaign_never_rewritten',
    });
    await expect(world.server.database.asSuperuser('DELETE FROM notification')).rejects.toMatchObject({
      code: 'HK001',
    });
  });
});
