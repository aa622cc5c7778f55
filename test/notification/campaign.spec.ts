import {
  closeMailWorld,
  createMailWorld,
  mails,
  post,
  release,
  show,
  skipWaiting,
  wave,
  work,
  write,
  type MailWorld,
} from './campaigns.js';

describe('campaigns', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await createMailWorld(8);
    await world.server.database.asSuperuser(`UPDATE holder SET account_status = 'deceased' WHERE customer_no = 'C2'`);
    await world.server.database.asSuperuser(
      `SET session_replication_role = replica; UPDATE holder SET email = NULL WHERE customer_no = 'C3'`,
    );
    await world.server.database.asSuperuser(
      `UPDATE holder SET language = 'en', name = '<b>Ann</b> {{customerNoEnd}}' WHERE customer_no = 'C4'`,
    );
    await world.server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
       staff AS (SELECT array_agg(id) AS ids FROM staff)
       INSERT INTO representative (holder_id, kind, name, papers, valid_from, status, recorded_by, confirmed_by)
       SELECT h.id, given.kind::representative_kind, 'R', 'P', valid_from, 'confirmed', ids[1], ids[2]
       FROM off, staff, (VALUES ('C5', 'guardian', date '2018-01-01'), ('C6', 'company_officer', '2018-01-01'), ('C7', 'lawyer', '2999-01-01'))
         AS given (customer_no, kind, valid_from) JOIN holder h USING (customer_no)`,
    );
  });
  afterAll(() => closeMailWorld(world));

  it('goes out to everyone once, and names whoever gets nothing with the reason', async () => {
    const id = await release(world);
    await work(world, id);
    const { waves, status } = await show(world, id);
    expect(status).toBe('released');
    expect(waves[0]).toMatchObject({
      status: 'completed',
      mails: [
        { status: 'sent', unsentReason: null, count: '5' },
        { status: 'unsent', unsentReason: 'deceased', count: '1' },
        { status: 'unsent', unsentReason: 'represented', count: '1' },
        { status: 'unsent', unsentReason: 'no_address', count: '1' },
      ],
    });
    const received = world.inbox.mails();
    expect(received.map(({ to }) => to).sort()).toEqual(
      ['c1', 'c4', 'c6', 'c7', 'c8'].map((no) => `${no}@example.test`),
    );
    const written = await mails(world, id, '&status=sent');
    expect(new Set(received.map(({ messageId }) => messageId))).toEqual(new Set(written.map((mail) => mail.messageId)));
    const english = received.find(({ to }) => to.startsWith('c4'))?.raw ?? '';
    expect(english).toContain('Subject: About your compensation');
    expect(english).toContain('&lt;b&gt;Ann&lt;/b&gt; {{customerNoEnd}}');
    await work(world, id);
    expect(world.inbox.mails()).toHaveLength(5);
  });

  it('is released by another person only, who sees counts and real mails with masked names', async () => {
    const { body } = await write(world);
    const url = `/v1/mail-campaigns/${body.id}`;
    const asked = await post<{ approvalRequest: { id: string } }>(world, world.writer, `${url}/submit`);
    const decision = `/v1/approval-requests/${asked.body.approvalRequest.id}/decisions`;
    expect((await post(world, world.writer, decision, { decision: 'approve' })).status).toBeGreaterThanOrEqual(400);
    const preview = await world.server.call('GET', `${url}/preview`, { token: world.releaser.token });
    expect(preview.body).toMatchObject({
      waves: [{ recipients: expect.arrayContaining([{ unsentReason: null, count: '5' }]) }],
    });
    expect(JSON.stringify(preview.body)).toContain('山*');
    expect(JSON.stringify(preview.body)).not.toContain('山田');
    await work(world, body.id);
    expect(await mails(world, body.id)).toEqual([]);
    expect((await show(world, body.id)).status).toBe('submitted');
  });

  it.each([
    ['a link', { textJa: 'https://example.test で確認' }],
    ['an address to type', { textEn: 'see www.example.test' }],
    ['an amount', { textJa: '88,549円を反映しました' }],
    ['a quantity', { textEn: 'your 12.5 XEM' }],
    ['another placeholder', { textJa: '{{email}}' }],
  ])('is refused with %s, and nothing is left behind', async (_name, changes) => {
    const before = await world.server.database.asApp('SELECT id FROM campaign');
    expect(await write(world, changes)).toMatchObject({ status: 400, body: { code: 'mail_text_not_plain' } });
    expect(await world.server.database.asApp('SELECT id FROM campaign')).toEqual(before);
  });

  it.each([
    ['a second header', { subjectJa: 'x\r\nBcc: all@example.test' }],
    ['no wave', { waves: [] }],
    ['hours that end before they start', { waves: [wave({ fromHour: 12, toHour: 12.5 })] }],
    ['a local time', { waves: [wave({ startsAt: '2018-03-13T09:00:00' })] }],
    ['text that turns the direction of writing', { textJa: '\u202Eabc' }],
  ])('is refused with %s', async (_name, changes) => {
    expect(await write(world, changes)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it('about credits names a batch and delivers at most once', async () => {
    expect(await write(world, { kind: 'credited' })).toMatchObject({
      status: 400,
      body: { code: 'campaign_batch_mismatch' },
    });
    expect(await write(world, { creditBatchId: '1' })).toMatchObject({
      status: 400,
      body: { code: 'campaign_batch_mismatch' },
    });
  });

  it('keeps to its hours and its start, and is paused, resumed and cancelled', async () => {
    const sent = world.inbox.mails().length;
    const hour = (new Date().getUTCHours() + 9) % 24;
    const closed = hour < 12 ? { fromHour: 20, toHour: 23 } : { fromHour: 1, toHour: 4 };
    const later = new Date(Date.now() + 86_400_000).toISOString();
    const id = await release(world, { waves: [wave(closed), wave({ startsAt: later }), wave({ mailsPerHour: 1 })] });
    await work(world, id, 1);
    await work(world, id, 2);
    expect(await mails(world, id)).toEqual([]);
    await work(world, id, 3);
    expect(world.inbox.mails()).toHaveLength(sent + 1);
    const url = `/v1/mail-campaigns/${id}/waves/3`;
    expect((await post(world, world.writer, `${url}/pause`)).status).toBe(200);
    await skipWaiting(world);
    await work(world, id, 3);
    expect(world.inbox.mails()).toHaveLength(sent + 1);
    expect((await post(world, world.writer, `${url}/resume`)).status).toBe(200);
    await work(world, id, 3);
    expect(world.inbox.mails()).toHaveLength(sent + 2);
    expect((await post(world, world.writer, `${url}/cancel`)).status).toBe(409);
    expect((await post(world, world.writer, `${url}/pause`)).status).toBe(200);
    expect((await post(world, world.writer, `${url}/cancel`)).status).toBe(200);
    expect((await show(world, id)).waves[2]?.mails).toEqual(
      expect.arrayContaining([{ status: 'unsent', unsentReason: 'wave_cancelled', count: '3' }]),
    );
  });

  it('leaves nobody out and writes to nobody twice when waves start at the same moment', async () => {
    const waves = [3, 2, 2, 1].map((mostRecipients) => wave({ mostRecipients }));
    const id = await release(world, { waves });
    await Promise.all(waves.map((_wave, index) => work(world, id, index + 1)));
    const written = await mails(world, id);
    expect(written.map(({ customerNo }) => customerNo).sort()).toEqual(
      Array.from({ length: 8 }, (_, index) => `C${index + 1}`),
    );
  });

  it('sends a mail once more for an agent who says why, and only once', async () => {
    const id = await release(world, { waves: [wave({ mostRecipients: 1 })] });
    await work(world, id);
    const [first] = await mails(world, id, '&status=sent');
    const resend = () =>
      post<{ resendOf: string }>(world, world.releaser, `/v1/mails/${first?.id}/resend`, { reason: 'It was deleted.' });
    const answers = await Promise.all([resend(), resend()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    await skipWaiting(world);
    await work(world, id);
    expect(await mails(world, id, '&status=sent')).toMatchObject([
      { id: first?.id, resendOf: null },
      { resendOf: first?.id, resendReason: 'It was deleted.' },
    ]);
    expect((await post(world, world.releaser, '/v1/mails/999/resend', { reason: 'x' })).status).toBe(404);
  });
});
