import type { Json } from '../platform/json.js';
import type { Text } from '../platform/problem/domain-error.js';

/**
 * What the watch looks for, and whether it stops crediting: money that is not where it must be, or that moves as nobody
 * announced, and a trail that shrinks do; what people may be up to is for people to look at.
 */
export const FINDING_KINDS = {
  credit_without_item: {
    stopsCrediting: true,
    text: { en: 'A credit belongs to no item of a credit batch.', ja: '一括反映の明細にない反映があります' },
  },
  credit_without_approved_batch: {
    stopsCrediting: true,
    text: { en: 'A credit belongs to no approved credit batch.', ja: '承認された一括反映によらない反映があります' },
  },
  credit_differs_from_item: {
    stopsCrediting: true,
    text: { en: 'A credit differs from what was approved.', ja: '承認内容と異なる反映があります' },
  },
  credit_ahead_of_batch: {
    stopsCrediting: true,
    text: { en: 'A credit came before its turn.', ja: '順番に達していない明細の反映があります' },
  },
  credit_without_credited_claim: {
    stopsCrediting: true,
    text: { en: 'A credit does not agree with the state of its claim.', ja: '補償明細の状態と合わない反映があります' },
  },
  credited_twice: {
    stopsCrediting: true,
    text: { en: 'A claim was credited twice.', ja: '同じ補償明細が二重に反映されています' },
  },
  credit_outside_hours: {
    stopsCrediting: true,
    text: { en: 'Claims were credited outside the announced time.', ja: '予定時間外の反映があります' },
  },
  credits_too_fast: {
    stopsCrediting: true,
    text: { en: 'Credits come faster than they may.', ja: '反映の速度が上限を超えています' },
  },
  more_than_announced: {
    stopsCrediting: true,
    text: { en: 'More was credited than was announced.', ja: '予定を超える件数または金額が反映されています' },
  },
  transfer_without_approval: {
    stopsCrediting: true,
    text: { en: 'A transfer was approved by nobody.', ja: '承認によらない振替があります' },
  },
  programme_account_differs: {
    stopsCrediting: true,
    text: {
      en: 'The balance of an account is not the sum of its transfers.',
      ja: '勘定残高が振替の合計と一致しません',
    },
  },
  wallet_differs: {
    stopsCrediting: true,
    text: {
      en: 'The balance of a wallet is not the sum of its transfers.',
      ja: '顧客預り金の残高が振替の合計と一致しません',
    },
  },
  totals_differ: {
    stopsCrediting: true,
    text: {
      en: 'Claims, wallets and transfers do not add up to the same; something may have been removed.',
      ja: '補償明細・顧客預り金・振替の合計が一致しません。記録が削除された可能性があります',
    },
  },
  claim_credited_without_transfer: {
    stopsCrediting: true,
    text: { en: 'A claim is credited without a transfer.', ja: '振替のない残高反映済みの補償明細があります' },
  },
  claim_without_decision: {
    stopsCrediting: true,
    text: { en: 'The state of a claim changed without a decision.', ja: '判定のない状態変更が補償明細にあります' },
  },
  audit_trail_shrank: {
    stopsCrediting: true,
    text: { en: 'The end of the audit chain is gone or was replaced.', ja: '監査証跡の末尾が失われています' },
  },
  audit_trail_broken: {
    stopsCrediting: true,
    text: {
      en: 'A link of the audit chain does not follow the one before it.',
      ja: '監査証跡のつながりが途切れています',
    },
  },
  customers_walked_through: {
    stopsCrediting: false,
    text: { en: 'Somebody looked through customers one after the other.', ja: '顧客を順番に閲覧した職員がいます' },
  },
  sign_ins_fail: {
    stopsCrediting: false,
    text: { en: 'Sign-ins fail in great number.', ja: 'サインインの失敗が急増しています' },
  },
  reveals_jump: {
    stopsCrediting: false,
    text: { en: 'Personal data is revealed far more often than usual.', ja: 'マスク解除が急増しています' },
  },
  watch_absent: {
    stopsCrediting: false,
    text: { en: 'The watch gives no sign of life; nothing is credited.', ja: '監視プロセスが応答していません' },
  },
} as const satisfies Record<string, { readonly stopsCrediting: boolean; readonly text: Text }>;

export type FindingKind = keyof typeof FINDING_KINDS;

/** Something that is not as it must be. */
export interface Finding {
  readonly kind: FindingKind;
  /** The same thing found again has the same subject, and is told once. */
  readonly subject: string;
  /** Identifiers, states and amounts; never personal data. */
  readonly evidence: Json;
}

export function stopsCrediting({ kind }: Pick<Finding, 'kind'>): boolean {
  return FINDING_KINDS[kind].stopsCrediting;
}
