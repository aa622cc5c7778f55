import type { Text } from '../platform/problem/domain-error.js';
import type { CustomerClaimState, CustomerReason } from './customer-claim.state.js';

/** Everything a customer reads about the state of their claim. No date, no promise, nothing of what goes on inside. */
export const STATE_TEXTS: Readonly<Record<CustomerClaimState, Text>> = {
  under_review: { en: 'Under review', ja: '確認中' },
  being_credited: { en: 'Being credited', ja: '反映手続き中' },
  credited: { en: 'Credited', ja: '残高反映済み' },
  not_covered: { en: 'Not covered', ja: '補償対象外' },
};

export const REASON_TEXTS: Readonly<Record<CustomerReason, Text>> = {
  under_review: { en: 'We are checking your record.', ja: '登録内容を確認しています。' },
  being_credited: {
    en: 'The amount is being added to your JPY balance.',
    ja: '日本円残高への反映手続きを進めています。',
  },
  action_needed: {
    en: 'The amount is in your JPY balance. Withdrawing it needs your identity check.',
    ja: '日本円残高に反映済みです。出金には本人確認が必要です。',
  },
  below_one_yen: {
    en: 'Quantity × price comes to less than one yen.',
    ja: '保有数量に1XEMあたりの補償額を乗じた金額が1円に満たないためです。',
  },
};

const OBJECT: Text = {
  en: 'If you think this is wrong, send us a message here or call us; we will look at it again.',
  ja: '内容に相違があるとお考えの場合は、このページのメッセージまたはお電話でお申し出ください。改めて確認いたします。',
};

export const NEXT_TEXTS: Readonly<Record<CustomerClaimState, Text>> = {
  under_review: {
    en: 'You need do nothing. This page changes when there is news.',
    ja: 'お手続きは不要です。状況が変わりましたら、このページの表示が変わります。',
  },
  being_credited: {
    en: 'You need do nothing. The amount will be added to your JPY balance under the label “NEM補償金”; it is no bank transfer.',
    ja: 'お手続きは不要です。「NEM補償金」として日本円残高に反映されます。銀行口座へのお振込みではありません。',
  },
  credited: {
    en: 'The amount is in your JPY balance under the label “NEM補償金”.',
    ja: '「NEM補償金」として日本円残高に反映されています。',
  },
  not_covered: OBJECT,
};

export const NEVER_ASKED: Text = {
  en: 'We never ask anybody for a password, a code, coins or a fee.',
  ja: '当社がパスワード、認証コード、暗号資産、手数料をお尋ねすることは一切ありません。',
};
