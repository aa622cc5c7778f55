import type { Role } from '../identity/role.js';
import type { Text } from '../platform/problem/domain-error.js';
import type { WhyNotCredited } from './why-not-credited.js';

export interface ReasonTexts {
  /** For the agent: what is so. */
  readonly agent: Text;
  /** What may be said to the customer, in the customer's words; no date and no promise. */
  readonly customer: Text;
  /** Who can solve it; nobody where only time does. */
  readonly solvedBy: readonly Role[];
  readonly nextStep: Text;
}

const CHECKING: Text = {
  en: 'We are checking your record. You need do nothing.',
  ja: '確認中です。お手続きは不要です。',
};
const CREDITING: Text = {
  en: 'The amount is being added to your JPY balance. You need do nothing.',
  ja: '反映手続き中です。お手続きは不要です。',
};
const WAIT: Text = {
  en: 'Wait; the page shows when it changes.',
  ja: 'お待ちください。状況が変わるとこの画面に表示されます。',
};

export const REASONS: Readonly<Record<WhyNotCredited, ReasonTexts>> = {
  under_review: {
    agent: { en: 'The claim is under review.', ja: '支払保留(確認中)です。' },
    customer: CHECKING,
    solvedBy: ['claims_officer', 'compliance'],
    nextStep: {
      en: 'Leave it to those who review it.',
      ja: '確認担当に委ねてください。理由の推測や案内はしないでください。',
    },
  },
  contact_changed: {
    agent: {
      en: 'Mail address, phone or sign-in changed, and two facts are not verified anew yet.',
      ja: '連絡先またはログインが変更され、2種類の本人確認が済んでいません。',
    },
    customer: CHECKING,
    solvedBy: ['claims_officer', 'compliance'],
    nextStep: {
      en: 'Two people record one identity check each, of different kinds; then a claims officer releases the hold.',
      ja: '2名がそれぞれ異なる方法で本人確認を記録し、その後、補償担当が保留を解除します。',
    },
  },
  below_one_yen: {
    agent: { en: 'Quantity × rate comes to less than one yen.', ja: '補償額が1円未満です。' },
    customer: {
      en: 'Quantity × price comes to less than one yen.',
      ja: '保有数量に1XEMあたりの補償額を乗じた金額が1円に満たないため、補償対象外です。',
    },
    solvedBy: [],
    nextStep: { en: 'If the quantity is disputed, note it.', ja: '数量に異議がある場合は申出として記録してください。' },
  },
  rejected: {
    agent: { en: 'The claim was decided not to be paid.', ja: '対象外と判定されています。' },
    customer: {
      en: 'Your record is not covered. You may object.',
      ja: '補償対象外です。お申し出いただければ改めて確認いたします。',
    },
    solvedBy: ['claims_officer'],
    nextStep: {
      en: 'If the customer objects, hand it to a claims officer.',
      ja: '申出があれば補償担当に引き継いでください。',
    },
  },
  not_approved: {
    agent: { en: 'Nobody has decided on it yet.', ja: '支払判定前です。' },
    customer: CHECKING,
    solvedBy: ['claims_officer'],
    nextStep: { en: 'A claims officer decides.', ja: '補償担当が判定します。' },
  },
  approval_waiting: {
    agent: { en: 'A decision waits for a second person.', ja: '支払判定が承認者の確認待ちです。' },
    customer: CHECKING,
    solvedBy: ['claims_officer'],
    nextStep: { en: 'Another claims officer checks it.', ja: '別の補償担当が承認します。' },
  },
  fund_short: {
    agent: { en: 'The fund does not cover it.', ja: '補償原資が不足しています。' },
    customer: CHECKING,
    solvedBy: ['finance_maker', 'finance_checker'],
    nextStep: { en: 'Finance assigns more cash.', ja: '財務が補償原資を追加します。' },
  },
  not_in_batch: {
    agent: { en: 'It is approved and in no batch yet.', ja: '支払決定済みで、一括反映に未登録です。' },
    customer: CHECKING,
    solvedBy: ['finance_maker'],
    nextStep: { en: 'Finance puts it into the next batch.', ja: '財務が次の一括反映に登録します。' },
  },
  in_draft_batch: {
    agent: { en: 'It is in a batch that is being drafted.', ja: '作成中の一括反映に含まれています。' },
    customer: CHECKING,
    solvedBy: ['finance_maker'],
    nextStep: { en: 'Finance submits the batch.', ja: '財務(作成者)が承認を依頼します。' },
  },
  batch_waiting_for_checker: {
    agent: { en: 'Its batch waits for a checker.', ja: '一括反映が承認者の確認待ちです。' },
    customer: CHECKING,
    solvedBy: ['finance_checker'],
    nextStep: { en: 'A finance checker decides.', ja: '財務(承認者)が確認します。' },
  },
  batch_waiting_for_signatures: {
    agent: {
      en: 'Its batch is approved and waits for the signatures of several keys.',
      ja: '一括反映は承認済みで、複数の鍵による署名を待っています。',
    },
    customer: CREDITING,
    solvedBy: ['finance_maker', 'finance_checker'],
    nextStep: { en: 'Finance has its keys sign.', ja: '財務が署名の手配をします。' },
  },
  batch_not_yet_due: {
    agent: {
      en: 'Its batch is approved and begins at its time.',
      ja: '一括反映は承認済みで、開始時刻を待っています。',
    },
    customer: CREDITING,
    solvedBy: [],
    nextStep: WAIT,
  },
  batch_paused: {
    agent: { en: 'Its batch is paused.', ja: '一括反映が一時停止中です。' },
    customer: CREDITING,
    solvedBy: ['finance_maker', 'finance_checker'],
    nextStep: { en: 'Finance resumes it or stops it.', ja: '財務が再開または中止します。' },
  },
  batch_executing: {
    agent: { en: 'Its batch is being credited now.', ja: '一括反映を実行中です。' },
    customer: CREDITING,
    solvedBy: [],
    nextStep: WAIT,
  },
};
