import type { Text } from '../platform/problem/domain-error.js';
import type { MatchReason } from './search-question.js';

export const MATCH_TEXTS: Readonly<Record<MatchReason, Text>> = {
  customer_no: { en: 'This is the customer number.', ja: '顧客番号が一致' },
  claim_no: { en: 'This is the claim number.', ja: '補償番号が一致' },
  email: { en: 'This is the mail address.', ja: 'メールアドレスが一致' },
  phone: { en: 'This is the phone number.', ja: '電話番号が一致' },
  name: { en: 'This is the name.', ja: '氏名が一致' },
  reading: { en: 'The name is read like this.', ja: '読みが一致' },
  name_begins: { en: 'The name begins like this.', ja: '氏名の先頭が一致' },
  reading_begins: { en: 'The reading begins like this.', ja: '読みの先頭が一致' },
  given_name_begins: { en: 'The given name begins like this.', ja: '名の先頭が一致' },
  given_reading_begins: { en: 'The reading of the given name begins like this.', ja: '名の読みの先頭が一致' },
  email_begins: { en: 'The mail address begins like this.', ja: 'メールアドレスの先頭が一致' },
  phone_begins: { en: 'The phone number begins like this.', ja: '電話番号の先頭が一致' },
  reading_is_similar: { en: 'The name sounds alike.', ja: '読みが類似' },
};

export const HINTS = {
  narrow: {
    en: 'There are more than these 20. Add the last four digits of the phone or the birthday (0412), or more of the name.',
    ja: '21件以上あります。電話番号の下4桁または誕生日(0412)を続けて入力するか、氏名をさらに入力してください。',
  },
  addName: {
    en: 'Four digits alone are those of very many people. Write a name before them: 佐藤 誠 5678.',
    ja: '4桁の数字のみでは検索できません。氏名に続けて入力してください(例: 佐藤 誠 5678)。',
  },
  nobody: {
    en: 'Nobody was found. Ask for the claim number, the mail address or the phone number, or try the reading in kana.',
    ja: '該当する保有者がいません。補償番号、メールアドレス、電話番号をお尋ねいただくか、読み(カナ)で検索してください。',
  },
} as const satisfies Record<string, Text>;
