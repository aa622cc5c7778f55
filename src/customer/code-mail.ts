import type { OutgoingMail } from '../platform/mail/mailer.js';

type Content = Pick<OutgoingMail, 'subject' | 'text'>;

const SIGNATURE = {
  ja: '当社がパスワード、認証コード、暗号資産、手数料をお尋ねすることは一切ありません。\nお心当たりのない場合は、このメールを破棄してください。',
  en: 'We never ask anybody for a password, a code, coins or a fee.\nIf you did not ask for this mail, throw it away.',
} as const;

/** Both languages, because whoever reads it may be the customer or someone who helps; no link, so that none can be forged. */
export function codeMail(code: string): Content {
  return {
    subject: '認証コードのお知らせ / Your sign-in code',
    text: `認証コード: ${code}

10分以内に、1回のみ有効です。
${SIGNATURE.ja}

Sign-in code: ${code}

It works once, within 10 minutes.
${SIGNATURE.en}
`,
  };
}

/** Several customers have the address, so it alone does not say who asks. */
export function sharedAddressMail(): Content {
  return {
    subject: 'ログインについて / About your sign-in',
    text: `このメールアドレスは複数のお客様の登録に使われているため、認証コードをお送りできません。
お客様番号もあわせて入力し、再度認証コードをお求めください。
${SIGNATURE.ja}

Several customers have registered this mail address, so no code was sent.
Ask for a code again and give your customer number too.
${SIGNATURE.en}
`,
  };
}
