import { Config, Settings } from '../../src/platform/config/config.js';
import { Mailer } from '../../src/platform/mail/mailer.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { readMail } from '../../src/demo/mail-text.js';

const MAIL = {
  messageId: '<one@example.test>',
  to: 'taro@example.test',
  subject: 'ご案内です。長い件名でもひとつの件名として届きますように',
  text: '補償金について\n=3D は文字どおり',
};

describe('the mailer', () => {
  let inbox: Inbox;
  beforeAll(async () => {
    inbox = await startInbox();
  });
  afterAll(() => inbox.close());

  const mailer = (settings: Partial<Settings>) =>
    new Mailer(
      new Config({ ...new Settings(), ...settings }, { databaseUrl: 'postgresql://nowhere/henkin', tokenSecret: '' }),
    );
  const refusalOf = (to: string) =>
    mailer({ smtpUrl: inbox.url })
      .send({ ...MAIL, to })
      .catch((error: unknown) => error);

  it('hands a mail over as it was written, under the id that it was given', async () => {
    expect(await mailer({ smtpUrl: inbox.url }).send(MAIL)).toBe('accepted');
    const [mail] = inbox.mails();
    if (!mail) throw new Error('no mail arrived');
    expect(mail).toMatchObject({ messageId: MAIL.messageId, to: MAIL.to });
    expect(readMail(mail).subject).toBe(MAIL.subject);
    expect(readMail(mail).text.replaceAll('\r', '').trim()).toBe(MAIL.text);
    expect(mail.raw).toMatch(/^auto-submitted: auto-generated/imu);
  });

  it('says that there is no mail server, and nothing else fails', async () => {
    await expect(mailer({}).send(MAIL)).rejects.toMatchObject({ name: 'MailNotConfigured' });
  });

  it('tells a refusal for good from one for now and from not knowing, without the address', async () => {
    inbox.behave((to) => {
      if (to.startsWith('gone')) return { at: 'recipient', code: 550 };
      if (to.startsWith('full')) return { at: 'data', code: 452 };
      return 'drop_after_data';
    });
    expect(await refusalOf('gone@example.test')).toMatchObject({ permanent: true, smtpCode: 550 });
    expect(await refusalOf('full@example.test')).toMatchObject({ permanent: false, smtpCode: 452 });
    const unknown = await refusalOf('lost@example.test');
    expect(unknown).toMatchObject({ permanent: false, smtpCode: null, outcomeUnknown: true });
    expect(String(unknown)).not.toContain('example.test');
  });
});
