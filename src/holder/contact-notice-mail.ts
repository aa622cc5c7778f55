import type { ContactField } from '../platform/database/prisma.js';
import type { OutgoingMail } from '../platform/mail/mailer.js';

const FIELDS: Readonly<Record<ContactField, { readonly ja: string; readonly en: string }>> = {
  email: { ja: 'メールアドレス', en: 'mail address' },
  phone: { ja: '電話番号', en: 'phone number' },
  sign_in: { ja: 'ログイン方法', en: 'sign-in' },
};
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short', timeStyle: 'short' });

/**
 * The same words for the former and the present address: whoever reads it may be the customer or someone else. Neither a
 * name nor a number, an amount or a link, so that it is of no use to others and looks like no lure.
 */
export function contactNoticeMail(
  fields: readonly ContactField[],
  changedAt: Date,
): Pick<OutgoingMail, 'subject' | 'text'> {
  const [ja, en] = [
    fields.map((field) => FIELDS[field].ja).join('、'),
    fields.map((field) => FIELDS[field].en).join(', '),
  ];
  const day = DAY.format(changedAt);
  return {
    subject: 'ご登録内容の変更について / Your record was changed',
    text: `ご登録の${ja}が変更されました(${day} 日本時間)。

お客様ご自身による変更の場合は、当社から確認のご連絡を差し上げます。
お心当たりのない場合は、すぐにお電話でお知らせください。電話番号は当社のウェブサイトをご自身で開いてご確認ください。
当社がパスワード、認証コード、暗号資産、手数料をお尋ねすることは一切ありません。

The ${en} in your record with us was changed (${day}, Japan time).

If you asked for this, we will get in touch with you to confirm it.
If you did not, call us at once. Look the number up on our website, which you open yourself.
We never ask anybody for a password, a code, coins or a fee.
`,
  };
}
