import type { StaffMailKind } from '../platform/database/prisma.js';
import type { OutgoingMail } from '../platform/mail/mailer.js';
import type { Text } from '../platform/problem/domain-error.js';
import type { ActivationView } from './staff.dto.js';

type MailText = Pick<OutgoingMail, 'subject' | 'text'>;

const MINUTE = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short', timeStyle: 'short' });

/** What is told to the owner of an account after the fact. */
type News = Exclude<StaffMailKind, 'enrolment'>;

const SUBJECTS: Readonly<Record<News, string>> = {
  new_sign_in: '新しい端末からのサインイン / Sign-in from a new device',
  factor_added: '2要素目が登録されました / A second factor was added',
  factor_removed: '2要素目が削除されました / A second factor was removed',
  recovery_codes_renewed: 'リカバリーコードが再発行されました / Recovery codes were renewed',
};

const WHAT: Readonly<Record<News, Text>> = {
  new_sign_in: {
    ja: 'これまで使われていない端末または接続元からサインインがありました。',
    en: 'Somebody signed in to your account in Henkin from a device or an address that it did not know (see above).',
  },
  factor_added: {
    ja: 'パスキーまたは認証アプリが登録されました。',
    en: 'A passkey or an authenticator app was enrolled for your account in Henkin (see above from where).',
  },
  factor_removed: {
    ja: 'パスキーまたは認証アプリが削除されました。',
    en: 'A passkey or the authenticator app of your account in Henkin was removed (see above from where).',
  },
  recovery_codes_renewed: {
    ja: 'リカバリーコードが再発行されました。以前のコードは使えません。',
    en: 'The recovery codes of your account in Henkin were renewed (see above from where); the former ones work no more.',
  },
};

/** Neither a link nor anything to answer: whoever did not do it themselves calls. */
export function newsMail(kind: News, at: Date, device: string, fromAddress: string): MailText {
  const from = `${MINUTE.format(at)} JST, ${fromAddress}, ${device || '-'}`;
  const { ja, en } = WHAT[kind];
  return {
    subject: SUBJECTS[kind],
    text: `Henkin のアカウントで、${ja}

${from}

お心当たりのない場合は、システム管理者にすぐに連絡し、セッションの一覧からこのセッションを終了してください。

${en}
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
