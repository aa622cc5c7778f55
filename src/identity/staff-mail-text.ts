import type { OutgoingMail } from '../platform/mail/mailer.js';
import type { ActivationView } from './staff.dto.js';

type MailText = Pick<OutgoingMail, 'subject' | 'text'>;

const MINUTE = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short', timeStyle: 'short' });

/** Neither a link nor anything to answer: whoever did not sign in themselves calls. */
export function newSignInMail(at: Date, device: string, fromAddress: string): MailText {
  const from = `${MINUTE.format(at)} JST, ${fromAddress}, ${device || '-'}`;
  return {
    subject: '新しい端末からのサインイン / Sign-in from a new device',
    text: `Henkin のアカウントに、これまで使われていない端末または接続元からサインインがありました。

${from}

お心当たりのない場合は、システム管理者にすぐに連絡し、セッションの一覧からこのセッションを終了してください。

Somebody signed in to your account in Henkin from a device or an address that it did not know (see above).
If it was not you, tell an administrator at once and end the session in the list of your sessions.
`,
  };
}

/** The one mail that carries a secret: it works once, and who uses it signs nobody else out unseen. */
export function enrolmentMail({ activationToken, activationExpiresAt }: ActivationView, pages: string): MailText {
  const until = MINUTE.format(new Date(activationExpiresAt));
  return {
    subject: 'アカウントの設定 / Set up your account',
    text: `Henkin のアカウントで、パスワードと2要素目の設定が必要です。${pages} を開き、次の有効化トークンを入力してください。
一度だけ、${until}(日本時間)まで有効です。誰にも渡さないでください。

${activationToken}

お心当たりのない場合は、システム管理者にすぐに連絡してください。

Your account in Henkin waits for a password and a second factor. Open ${pages} and enter the token above.
It works once, until ${until} Japan time. Give it to nobody. If you do not expect this, tell an administrator at once.
`,
  };
}
