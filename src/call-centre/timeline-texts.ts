import { grouped } from '../claim/calculation.js';
import { formatClaimNo } from '../claim/claim-no.js';
import type { Json } from '../platform/json.js';
import type { Text } from '../platform/problem/domain-error.js';

export const TIMELINE_KINDS = [
  'imported',
  'claim_opened',
  'claim_decided',
  'review_began',
  'review_ended',
  'hold_placed',
  'hold_released',
  'claim_batched',
  'claim_credited',
  'mail',
  'mail_returned',
  'revealed',
  'signed_in',
  'contact_changed',
  'identity_checked',
  'message_received',
  'objection_recorded',
  'objection_closed',
  'contact_opened',
  'contact_closed',
  'caller_checked',
  'complaint_recorded',
  'complaint_closed',
  'note_written',
  'note_redacted',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

type Detail = { readonly [key: string]: Json };
type Words = Readonly<Record<string, Text>>;

const VERDICTS: Words = {
  approve: { en: 'was approved', ja: '支払決定' },
  reject: { en: 'was decided not to be paid', ja: '対象外と判定' },
  withdraw: { en: 'had its decision withdrawn', ja: '判定取消' },
  reopen: { en: 'was reopened', ja: '再審査' },
};
const CAMPAIGNS: Words = {
  policy_announced: { en: 'about the policy', ja: '補償方針のお知らせ' },
  claim_opened: { en: 'about the compensation', ja: '補償内容のお知らせ' },
  credited: { en: 'about the credit', ja: '残高反映のお知らせ' },
  action_needed: { en: 'asking for action', ja: 'お手続きのお願い' },
};
const MAIL_STATES: Words = {
  queued: { en: 'waits to be sent', ja: '送信待ち' },
  sending: { en: 'is being sent', ja: '送信中' },
  sent: { en: 'was sent', ja: '送信済み' },
  failed_temporarily: { en: 'could not be sent yet', ja: '一時的に送信できず再送待ち' },
  refused: { en: 'was refused by the mail server', ja: '相手先サーバーが拒否' },
  outcome_unknown: { en: 'may have been sent', ja: '送信結果不明' },
  unsent: { en: 'was not sent', ja: '送信せず' },
};
const REPORTS: Words = {
  bounce: { en: 'came back', ja: '不達' },
  delay: { en: 'was delayed', ja: '遅延' },
  complaint: { en: 'was complained about', ja: '苦情報告' },
};
const FIELDS: Words = {
  name: { en: 'name', ja: '氏名' },
  nameKana: { en: 'reading', ja: '氏名カナ' },
  email: { en: 'mail address', ja: 'メールアドレス' },
  phone: { en: 'phone', ja: '電話番号' },
  birthDate: { en: 'birth date', ja: '生年月日' },
  sign_in: { en: 'sign-in', ja: 'ログイン手段' },
};
const METHODS: Words = {
  code: { en: 'by a mailed code', ja: 'メールの認証コード' },
  openid: { en: 'by the exchange’s sign-in', ja: '取引所のログイン' },
};
const OUTCOMES: Words = {
  upheld: { en: 'upheld', ja: '認容' },
  partly_upheld: { en: 'upheld in part', ja: '一部認容' },
  not_upheld: { en: 'not upheld', ja: '数量に変更なし' },
  withdrawn: { en: 'withdrawn', ja: '取下げ' },
};
const CONTACTS: Words = {
  'phone inbound': { en: 'A call came in', ja: '電話(受信)' },
  'phone outbound': { en: 'A call was made', ja: '電話(発信)' },
  'mail inbound': { en: 'A mail came in', ja: 'メール(受信)' },
  'mail outbound': { en: 'A mail was written', ja: 'メール(発信)' },
};
const CALLERS: Words = {
  self: { en: 'the customer', ja: '本人' },
  representative: { en: 'a representative', ja: '代理人' },
  heir: { en: 'an heir', ja: '相続人' },
  lawyer: { en: 'a lawyer', ja: '弁護士' },
  press: { en: 'the press', ja: '報道機関' },
  police: { en: 'the police', ja: '警察' },
  other: { en: 'somebody else', ja: 'その他' },
};
const TOPICS: Words = {
  amount: { en: 'the amount', ja: '補償額' },
  timing: { en: 'the time', ja: '時期' },
  under_review: { en: 'a review', ja: '確認中の理由' },
  quantity: { en: 'the quantity', ja: '数量' },
  identity_check: { en: 'the identity check', ja: '本人確認' },
  withdrawal: { en: 'withdrawing', ja: '出金' },
  sign_in: { en: 'signing in', ja: 'ログイン' },
  contact_change: { en: 'a change of contact data', ja: '連絡先変更' },
  inheritance: { en: 'an inheritance', ja: '相続' },
  tax: { en: 'tax', ja: '税務' },
  fraud: { en: 'fraud', ja: '詐欺・不正' },
  threat: { en: 'a threat', ja: '脅迫' },
  distress: { en: 'distress', ja: '心身の不調' },
  press: { en: 'the press', ja: '報道' },
  police: { en: 'the police', ja: '警察' },
  lawyer: { en: 'a lawyer', ja: '弁護士' },
  other: { en: 'something else', ja: 'その他' },
};
const CONTACT_OUTCOMES: Words = {
  answered: { en: 'answered', ja: '回答済み' },
  follow_up: { en: 'to be followed up', ja: '追跡対応' },
  handed_over: { en: 'handed over', ja: '引継ぎ' },
  not_reached: { en: 'not reached', ja: '不在' },
  broken_off: { en: 'broken off', ja: '中断' },
};

/** What happened, in one plain sentence for staff. */
export function timelineText(kind: TimelineKind, detail: Detail): Text {
  return SENTENCES[kind](detail);
}

const SENTENCES: Readonly<Record<TimelineKind, (detail: Detail) => Text>> = {
  imported: ({ quantityXem, excluded }) => ({
    en: `${grouped(text(quantityXem))} XEM on record were sealed${excluded === true ? ', not to be paid' : ''}.`,
    ja: `基準残高 ${grouped(text(quantityXem))} XEM が確定されました${excluded === true ? '(対象外)' : ''}。`,
  }),
  claim_opened: ({ claimNo, amountJpy }) => ({
    en: `Claim ${no(claimNo)} over ${grouped(text(amountJpy))} JPY was opened.`,
    ja: `補償明細 ${no(claimNo)}(${grouped(text(amountJpy))}円)が作成されました。`,
  }),
  claim_decided: ({ claimNo, verdict }) => ({
    en: `Claim ${no(claimNo)} ${word(VERDICTS, verdict).en}.`,
    ja: `補償明細 ${no(claimNo)}:${word(VERDICTS, verdict).ja}。`,
  }),
  review_began: ({ claimNo }) => ({
    en: `Claim ${no(claimNo)} came under review.`,
    ja: `補償明細 ${no(claimNo)} は確認中になりました。`,
  }),
  review_ended: ({ claimNo }) => ({
    en: `The review of claim ${no(claimNo)} ended.`,
    ja: `補償明細 ${no(claimNo)} の確認が終わりました。`,
  }),
  hold_placed: ({ claimNo, visibility, reasonCode }) => ({
    en: `A hold on claim ${no(claimNo)} came into force (${text(visibility)}: ${text(reasonCode)}).`,
    ja: `補償明細 ${no(claimNo)} の支払保留が有効になりました(${text(visibility)}: ${text(reasonCode)})。`,
  }),
  hold_released: ({ claimNo, visibility, reasonCode }) => ({
    en: `A hold on claim ${no(claimNo)} was released (${text(visibility)}: ${text(reasonCode)}).`,
    ja: `補償明細 ${no(claimNo)} の支払保留が解除されました(${text(visibility)}: ${text(reasonCode)})。`,
  }),
  claim_batched: ({ claimNo, batchId, leftOut }) => ({
    en: `Claim ${no(claimNo)} was put into credit batch ${text(batchId)}${leftOut === true ? ', which has let it go again' : ''}.`,
    ja: `補償明細 ${no(claimNo)} は一括反映 ${text(batchId)} に登録されました${leftOut === true ? '(その後、対象から外れました)' : ''}。`,
  }),
  claim_credited: ({ claimNo, amountJpy, postingDate }) => ({
    en: `${grouped(text(amountJpy))} JPY of claim ${no(claimNo)} were credited, posting date ${text(postingDate)}.`,
    ja: `補償明細 ${no(claimNo)} の ${grouped(text(amountJpy))}円が残高に反映されました(反映日 ${text(postingDate)})。`,
  }),
  mail: ({ campaign, status }) => ({
    en: `The mail ${word(CAMPAIGNS, campaign).en} ${word(MAIL_STATES, status).en}.`,
    ja: `メール「${word(CAMPAIGNS, campaign).ja}」:${word(MAIL_STATES, status).ja}。`,
  }),
  mail_returned: ({ report }) => ({
    en: `A mail ${word(REPORTS, report).en}.`,
    ja: `メール:${word(REPORTS, report).ja}。`,
  }),
  revealed: ({ fields }) => ({
    en: `Shown in the clear: ${list(fields, 'en')}.`,
    ja: `マスク解除:${list(fields, 'ja')}。`,
  }),
  signed_in: ({ method }) => ({
    en: `The customer signed in ${word(METHODS, method).en}.`,
    ja: `お客様がサインインしました(${word(METHODS, method).ja})。`,
  }),
  contact_changed: ({ fields }) => ({
    en: `Changed: ${list(fields, 'en')}. It is to be verified.`,
    ja: `変更:${list(fields, 'ja')}。確認が必要です。`,
  }),
  identity_checked: ({ passed }) => ({
    en: `An identity check was ${passed === true ? 'passed' : 'not passed'}.`,
    ja: `本人確認:${passed === true ? '完了' : '不備'}。`,
  }),
  message_received: ({ messageNo }) => ({
    en: `The customer wrote message ${text(messageNo)}.`,
    ja: `お客様からお問い合わせ ${text(messageNo)} を受け付けました。`,
  }),
  objection_recorded: ({ objectionNo }) => ({
    en: `Objection ${text(objectionNo)} to the quantity was taken down.`,
    ja: `数量に関する申出 ${text(objectionNo)} を受け付けました。`,
  }),
  objection_closed: ({ objectionNo, outcome }) => ({
    en: `Objection ${text(objectionNo)} was closed: ${word(OUTCOMES, outcome).en}.`,
    ja: `申出 ${text(objectionNo)} の結果:${word(OUTCOMES, outcome).ja}。`,
  }),
  contact_opened: ({ contactNo, channel, direction, caller }) => {
    const kind = word(CONTACTS, `${text(channel)} ${text(direction)}`);
    return {
      en: `${kind.en}: ${word(CALLERS, caller).en}, contact ${text(contactNo)}.`,
      ja: `${kind.ja}:${word(CALLERS, caller).ja}、応対 ${text(contactNo)}。`,
    };
  },
  contact_closed: ({ contactNo, topic, outcome }) => ({
    en: `Contact ${text(contactNo)} about ${word(TOPICS, topic).en} was closed: ${word(CONTACT_OUTCOMES, outcome).en}.`,
    ja: `応対 ${text(contactNo)}(${word(TOPICS, topic).ja})の終了:${word(CONTACT_OUTCOMES, outcome).ja}。`,
  }),
  caller_checked: ({ contactNo, passed }) => ({
    en: `The caller of contact ${text(contactNo)} ${passed === true ? 'passed' : 'did not pass'} the check.`,
    ja: `応対 ${text(contactNo)} の本人確認:${passed === true ? '一致' : '不一致'}。`,
  }),
  complaint_recorded: ({ contactNo }) => ({
    en: `Contact ${text(contactNo)} was recorded as a complaint.`,
    ja: `応対 ${text(contactNo)} は苦情として記録されました。`,
  }),
  complaint_closed: ({ contactNo }) => ({
    en: `The complaint of contact ${text(contactNo)} was closed.`,
    ja: `応対 ${text(contactNo)} の苦情対応が完了しました。`,
  }),
  note_written: ({ noteNo, topic, again }) => ({
    en: `Note ${text(noteNo)} about ${word(TOPICS, topic).en} was ${again === true ? 'edited' : 'written'}.`,
    ja: `メモ ${text(noteNo)}(${word(TOPICS, topic).ja})が${again === true ? '更新' : '作成'}されました。`,
  }),
  note_redacted: ({ noteNo }) => ({
    en: `The text of note ${text(noteNo)} was destroyed on request.`,
    ja: `メモ ${text(noteNo)} の本文は申請により削除されました。`,
  }),
};

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function no(claimNo: Json | undefined): string {
  return formatClaimNo(text(claimNo));
}

/** A code that has no words yet is shown as it is. */
function word(words: Words, code: Json | undefined): Text {
  return words[text(code)] ?? { en: text(code), ja: text(code) };
}

function list(codes: Json | undefined, language: keyof Text): string {
  const names = Array.isArray(codes) ? codes.map((code) => word(FIELDS, code as Json)[language]) : [];
  return names.join(language === 'ja' ? '、' : ', ');
}
