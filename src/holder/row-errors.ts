import type { Text } from '../platform/problem/domain-error.js';

/** Every reason for which a row, or a file as a whole, is not accepted. */
export const ROW_ERRORS = {
  too_few_columns: { en: 'the row has fewer columns than the header', ja: '列数がヘッダーより少ない行です' },
  too_many_columns: { en: 'the row has more columns than the header', ja: '列数がヘッダーより多い行です' },
  csv_malformed: { en: 'the quotes of this row do not match', ja: '引用符の対応が正しくありません' },
  bytes_undecodable: {
    en: 'these bytes are not text in the declared charset',
    ja: '指定された文字コードとして読み取れません',
  },
  nul_character: { en: 'the value contains a NUL character', ja: 'NUL 文字が含まれています' },
  customer_no_malformed: {
    en: 'a customer number is 1 to 32 letters, digits, - or _',
    ja: '顧客番号は英数字・-・_ の1〜32文字です',
  },
  customer_twice: { en: 'this customer is in the file twice', ja: '同じ顧客番号がファイル内に重複しています' },
  customer_in_sealed_snapshot: {
    en: 'this customer is in a sealed snapshot already',
    ja: '確定済みの基準残高データに含まれる顧客です',
  },
  customer_unknown: {
    en: 'nobody here has this customer number: not added',
    ja: '登録のない顧客番号です(追加されません)',
  },
  changed_meanwhile: {
    en: 'changed by someone else since the file was checked: left as it is',
    ja: 'ファイルの確認後に変更されたため、適用していません',
  },
  value_unknown: { en: 'the value is none of those allowed here', ja: '許可されていない値です' },
  value_required: { en: 'required while the identity is verified', ja: '本人確認済みの場合は必須です' },
  value_too_long: { en: 'longer than 200 characters', ja: '200文字を超えています' },
  email_malformed: { en: 'not a mail address', ja: 'メールアドレスの形式ではありません' },
  phone_malformed: { en: 'not a phone number', ja: '電話番号の形式ではありません' },
  date_malformed: { en: 'a date is written 1980-01-31', ja: '日付は 1980-01-31 の形式です' },
  country_malformed: { en: 'a country is two capital letters', ja: '国は英大文字2文字です' },
  quantity_malformed: {
    en: 'a quantity is digits with up to 6 decimals, up to 14 digits before the point, half width',
    ja: '数量は半角数字、小数点以下6桁・整数部14桁までです',
  },
  quantity_not_positive: {
    en: 'a payable quantity is above zero; put the customer on the exclusion list',
    ja: '対象となる数量は0より大きい必要があります。対象外リストに記載してください',
  },
  parts_incomplete: {
    en: 'give all four parts of the quantity, or none',
    ja: '内訳4項目はすべて記入するか、すべて空欄にしてください',
  },
  parts_differ: { en: 'the four parts do not add up to the quantity', ja: '内訳の合計が数量と一致しません' },
  exclusion_reason_unknown: {
    en: 'reason is company_owned, test, zero, negative or other',
    ja: '理由は company_owned, test, zero, negative, other のいずれかです',
  },
  exclusion_twice: { en: 'this customer is on the exclusion list twice', ja: '対象外リストに重複しています' },
  exclusion_not_in_file: {
    en: 'this customer is on the exclusion list and not in the file',
    ja: '対象外リストの顧客がファイルにありません',
  },
  control_total_differs: { en: 'a control total is not as declared', ja: '照合合計が申告値と一致しません' },
  second_base: {
    en: 'there is a sealed base already: upload a supplement',
    ja: '本体は確定済みです。追補としてアップロードしてください',
  },
  supplement_before_base: { en: 'there is no sealed base yet', ja: '本体がまだ確定されていません' },
} as const satisfies Record<string, Text>;

export type RowErrorCode = keyof typeof ROW_ERRORS;

export interface RowError {
  /** Line in the file, counted from 1; null when it is about the file as a whole. */
  readonly lineNo: number | null;
  readonly column: string | null;
  /** Masked when it is personal. */
  readonly value: string | null;
  readonly code: RowErrorCode;
}
