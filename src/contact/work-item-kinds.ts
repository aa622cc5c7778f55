import type { Role } from '../identity/role.js';
import type { WorkItemKind } from '../platform/database/prisma.js';
import type { Text } from '../platform/problem/domain-error.js';

interface KindRules {
  readonly text: Text;
  /** Who is handed such items. */
  readonly workedBy: readonly Role[];
  /** Who may see all of them beside each other, and how many there are. */
  readonly listedFor: readonly Role[];
}

const LEADS = ['team_lead', 'claims_officer', 'compliance', 'auditor'] as const;

/**
 * Holds that wait are handed out one by one and listed for nobody but compliance: a claim that is under review and not in a
 * list of open holds would be one that is held in confidence.
 */
export const KIND_RULES: Readonly<Record<WorkItemKind, KindRules>> = {
  follow_up: {
    text: { en: 'Call back or follow up.', ja: '折り返し・追跡対応' },
    workedBy: ['support_agent', 'team_lead'],
    listedFor: ['support_agent', ...LEADS],
  },
  returned_mail: {
    text: {
      en: 'A mail came back, or was reported: another way to reach the customer is needed.',
      ja: 'メール不達・苦情報告:別の連絡手段の確認',
    },
    workedBy: ['support_agent', 'team_lead'],
    listedFor: ['support_agent', ...LEADS],
  },
  customer_message: {
    text: { en: 'A customer wrote.', ja: 'お客様からのお問い合わせ' },
    workedBy: ['support_agent', 'team_lead'],
    listedFor: ['support_agent', ...LEADS],
  },
  complaint: {
    text: { en: 'A complaint has to be answered.', ja: '苦情対応' },
    workedBy: ['team_lead'],
    listedFor: ['support_agent', ...LEADS],
  },
  objection: {
    text: { en: 'A customer says that the quantity is wrong.', ja: '数量に関する申出' },
    workedBy: ['claims_officer'],
    listedFor: ['support_agent', ...LEADS],
  },
  caller_check_locked: {
    text: { en: 'A caller failed the check three times.', ja: '応対時の本人確認に3回失敗' },
    workedBy: ['team_lead'],
    listedFor: LEADS,
  },
  contact_changed: {
    text: { en: 'Contact data changed and is to be verified.', ja: '連絡先変更の確認' },
    workedBy: ['claims_officer'],
    listedFor: LEADS,
  },
  shared_contact: {
    text: {
      en: 'A changed mail address or phone belongs to another customer too.',
      ja: '変更後の連絡先が別のお客様と同一:確認',
    },
    workedBy: ['claims_officer'],
    listedFor: LEADS,
  },
  shared_device: {
    text: {
      en: 'A customer signed in on a device on which another customer (see subject) signed in before.',
      ja: '別のお客様(subject 参照)がログインした端末からのログイン:確認',
    },
    workedBy: ['claims_officer'],
    listedFor: LEADS,
  },
  contact_burst: {
    text: {
      en: 'Many contacts were changed in a short time by one member of staff, by one file, or by sign-ins from one address.',
      ja: '同一の担当者・ファイル・接続元による短時間の連絡先変更の多発:確認',
    },
    workedBy: ['compliance'],
    listedFor: ['compliance', 'auditor'],
  },
  hold_release: {
    text: { en: 'See whether a hold can be released.', ja: '支払保留の解除可否の確認' },
    workedBy: ['claims_officer'],
    listedFor: ['compliance'],
  },
  watch_alert: {
    text: { en: 'An alert of the watch has to be looked into.', ja: '監視アラートの確認' },
    workedBy: ['compliance'],
    listedFor: ['compliance', 'auditor'],
  },
};

export const WORK_ITEM_KINDS = Object.keys(KIND_RULES) as WorkItemKind[];

export function kindsWorkedBy(role: string): WorkItemKind[] {
  return WORK_ITEM_KINDS.filter((kind) => KIND_RULES[kind].workedBy.some((allowed) => allowed === role));
}

export function kindsListedFor(role: string): WorkItemKind[] {
  return WORK_ITEM_KINDS.filter((kind) => KIND_RULES[kind].listedFor.some((allowed) => allowed === role));
}
