import { closeMailWorld, createMailWorld, mails, release, REPORT_SECRET, work, type MailWorld } from './campaigns.js';

/** As mail servers write it: three parts, the last one the mail that it is about. */
function report(kind: string, fields: readonly string[], messageId: string): string {
  return [
    'From: MAILER-DAEMON@mx.example.test',
    'Subject: report',
    `Content-Type: multipart/report; report-type=${kind};`,
    '\tboundary="part=_1"',
    '',
    'This is a MIME message.',
    '--part=_1',
    'Content-Type: text/plain',
    '',
    'Something happened.',
    '--part=_1',
    `Content-Type: message/${kind}`,
    '',
    ...fields,
    '',
    '--part=_1',
    'Content-Type: message/rfc822',
    '',
    'Subject: about',
    `Message-ID:`,
    ` ${messageId}`,
    '',
    'text',
    '--part=_1--',
    '',
  ].join('\r\n');
}

const bounce = (messageId: string, action = 'failed', status = '5.1.1') =>
  report(
    'delivery-status',
    [
      'Reporting-MTA: dns; mx.example.test',
      '',
      'Final-Recipient: rfc822; c1@example.test',
      `Action: ${action}`,
      `Status: ${status}`,
    ],
    messageId,
  );
const complaint = (messageId: string) => report('feedback-report', ['Feedback-Type: abuse', 'Version: 1'], messageId);

describe('what mail servers report', () => {
  let world: MailWorld;
  let byCustomer: ReadonlyMap<string, string>;
  beforeAll(async () => {
    world = await createMailWorld(4);
    const id = await release(world);
    await work(world, id);
    byCustomer = new Map((await mails(world, id)).map((mail) => [mail.customerNo, mail.messageId]));
  });
  afterAll(() => closeMailWorld(world));

  const hand = async (raw: string, headers: Record<string, string> = {}) => {
    const answer = await world.server.app.inject({
      method: 'POST',
      url: '/v1/mail-reports',
      headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${REPORT_SECRET}`, ...headers },
      payload: raw,
    });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  const idOf = (customerNo: string) => byCustomer.get(customerNo) ?? '';
  const counts = () =>
    world.server.database.asSuperuser(
      'SELECT (SELECT count(*) FROM mail_report) AS reports, (SELECT count(*) FROM mail_stop) AS stops',
    );

  it('a bounce stops mail to that address, a complaint all mail, a delay nothing; each counts once', async () => {
    expect(await hand(bounce(idOf('C1')))).toEqual({
      status: 202,
      body: { kind: 'bounce', matched: true, repeated: false },
    });
    expect((await hand(bounce(idOf('C1')))).body).toMatchObject({ repeated: true });
    expect((await hand(complaint(idOf('C2')))).body).toMatchObject({ kind: 'complaint', matched: true });
    expect((await hand(bounce(idOf('C3'), 'delayed', '4.2.2'))).body).toMatchObject({ kind: 'delay', matched: true });

    const next = await release(world);
    await work(world, next);
    expect((await mails(world, next)).map(({ customerNo, unsentReason }) => [customerNo, unsentReason])).toEqual([
      ['C1', 'bounced'],
      ['C2', 'complained'],
      ['C3', null],
      ['C4', null],
    ]);

    await world.server.database.asSuperuser(
      `SET session_replication_role = replica; UPDATE holder SET email = 'new@example.test' WHERE customer_no = 'C1'`,
    );
    const corrected = await release(world);
    await work(world, corrected);
    expect((await mails(world, corrected, '&status=sent')).map(({ customerNo }) => customerNo)).toEqual([
      'C1',
      'C3',
      'C4',
    ]);
  });

  it('what came back and what was complained about is one item of work for each holder', async () => {
    const items = await world.server.database.asSuperuser(
      `SELECT h.customer_no, w.kind, w.subject_type FROM work_item w JOIN holder h ON h.id = w.holder_id ORDER BY customer_no`,
    );
    expect(items).toEqual(
      ['C1', 'C2'].map((customer_no) => ({ customer_no, kind: 'returned_mail', subject_type: 'mail' })),
    );
  });

  it('a report about no mail of ours is taken and changes nothing', async () => {
    expect((await hand(bounce('<unknown@example.test>'))).body).toEqual({
      kind: 'bounce',
      matched: false,
      repeated: false,
    });
  });

  it.each([
    ['without the secret', bounce('<x@x>'), { authorization: '' }, 401],
    ['with another secret', bounce('<x@x>'), { authorization: 'Bearer nothing' }, 401],
    ['that is no report', 'Subject: holiday\r\n\r\nI am away.', {}, 400],
    ['that is empty', '\r\n', {}, 400],
    ['without a boundary', bounce('<x@x>').replace('boundary', 'border'), {}, 400],
    ['of another type', '{}', { 'content-type': 'application/json' }, 400],
    ['that is too large', bounce('<x@x>') + 'x'.repeat(300_000), {}, 413],
  ])('one %s is refused and leaves nothing behind', async (_name, raw, headers, status) => {
    const before = await counts();
    expect((await hand(raw, headers)).status).toBe(status);
    expect(await counts()).toEqual(before);
  });
});
