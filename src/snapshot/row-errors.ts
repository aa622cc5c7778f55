import type { Text } from '../platform/problem/domain-error.js';

/** Every reason for which an upload is invalid, in both languages; the codes are stable. */
export const ROW_ERRORS = {
  too_few_columns: { en: 'the row has fewer columns than the header', ja: '列数がヘッダーより少ない行です' },
  too_many_columns: { en: 'the row has more columns than the header', ja: '列数がヘッダーより多い行です' },
  quotes_malformed: { en: 'the quotes of this row do not match', ja: '引用符の対応が正しくない行です' },
  quote_not_closed: {
    en: 'a quote that is opened in this row is never closed; the rows after it were not read',
    ja: '引用符が閉じられていません。以降の行は読み取られていません',
  },
  nul_character: { en: 'the value contains a NUL character', ja: 'NUL 文字が含まれています' },
  undecodable: {
    en: 'the value has bytes that are not text in the declared charset',
    ja: '指定された文字コードとして読み取れない文字が含まれています',
  },
  control_character: { en: 'the value contains a control character', ja: '制御文字が含まれています' },
  too_long: { en: 'the value is too long', ja: '値が長すぎます' },
  value_missing: { en: 'the value must not be blank', ja: '空欄にはできません' },
  missing_while_verified: {
    en: 'the value may be blank only while the identity is not verified',
    ja: '本人確認済みの場合は空欄にできません',
  },
  value_unknown: { en: 'the value is none of those allowed here', ja: '許可されていない値です' },
  customer_no_malformed: {
    en: 'a customer number is 1 to 32 letters, digits, - or _, and begins with a letter or digit',
    ja: '顧客番号は英数字・-・_ の1〜32文字(先頭は英数字)です',
  },
  customer_twice: { en: 'this customer is in the file more than once', ja: '同じ顧客番号がファイル内に重複しています' },
  customer_sealed: {
    en: 'this customer is in a sealed snapshot already',
    ja: '確定済みの基準残高データに含まれる顧客です',
  },
  email_malformed: { en: 'this is not a mail address', ja: 'メールアドレスの形式ではありません' },
  phone_malformed: {
    en: 'a phone number is digits, with +, -, blanks and brackets',
    ja: '電話番号は半角数字と + - 空白 括弧で記入します',
  },
  date_malformed: {
    en: 'a birth date is a day such as 1980-01-31, not in the future',
    ja: '生年月日は 1980-01-31 の形式の過去の日付です',
  },
  country_malformed: { en: 'a country is two capital letters such as JP', ja: '国は JP のような英大文字2文字です' },
  quantity_malformed: {
    en: 'a quantity is half-width digits with a point, such as 1234.567890',
    ja: '数量は 1234.567890 のような半角数字です(桁区切り・指数は使えません)',
  },
  quantity_decimals: { en: 'a quantity has at most 6 decimals', ja: '数量の小数点以下は6桁までです' },
  quantity_too_large: { en: 'a quantity has at most 14 digits before the point', ja: '数量の整数部は14桁までです' },
  quantity_not_positive: {
    en: 'a payable quantity is above zero; put the customer on the exclusion list if this is right',
    ja: '対象となる数量は0より大きい必要があります。正しい場合は対象外リストに記載してください',
  },
  part_negative: { en: 'a part of a payable quantity is not below zero', ja: '対象となる数量の内訳は負にできません' },
  parts_incomplete: {
    en: 'give all four parts of the quantity, or none',
    ja: '内訳4項目はすべて記入するか、すべて空欄にしてください',
  },
  parts_differ: { en: 'the four parts do not add up to the quantity', ja: '内訳の合計が数量と一致しません' },
  exclusion_twice: {
    en: 'this customer is on the exclusion list more than once',
    ja: '同じ顧客番号が対象外リスト内に重複しています',
  },
  exclusion_not_in_file: {
    en: 'this customer is on the exclusion list and not in the file',
    ja: '対象外リストの顧客がファイルにありません',
  },
  exclusion_contradicts: {
    en: 'the quantity of this customer is not what the reason says',
    ja: '対象外の理由と数量が一致しません',
  },
  no_rows: { en: 'there is no row below the header', ja: 'ヘッダーの下に行がありません' },
  count_differs: {
    en: 'the number of rows is not the declared one',
    ja: '件数が申告された照合合計と一致しません',
  },
  total_differs: {
    en: 'the sum of quantities is not the declared one',
    ja: '数量の合計が申告された照合合計と一致しません',
  },
} as const satisfies Readonly<Record<string, Text>>;

export type RowErrorCode = keyof typeof ROW_ERRORS;

/** The reason for a stored code. */
export function reasonOf(code: string): Text {
  return (ROW_ERRORS as Readonly<Record<string, Text>>)[code] ?? { en: code, ja: code };
}
