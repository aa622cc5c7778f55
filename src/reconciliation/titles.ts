import type { Text } from '../platform/problem/domain-error.js';
import type { CheckName, ClaimLineName, TotalName } from './reconciliation.amount.js';

export const TOTAL_TITLES: Readonly<Record<TotalName, Text>> = {
  snapshot: { en: 'Sealed quantity × price', ja: '基準残高 × 補償単価' },
  claims: { en: 'Claims', ja: '補償明細' },
  approved: { en: 'Approved claims, credited ones included', ja: '支払決定(残高反映済を含む)' },
  credited: { en: 'Credit transfers', ja: '残高反映の振替' },
  wallets: { en: 'Customer wallets', ja: '顧客預り金' },
  fund: { en: 'Compensation fund (fundings)', ja: '補償原資(拠出件数)' },
};

export const CLAIM_LINE_TITLES: Readonly<Record<ClaimLineName, Text>> = {
  pending: { en: 'Pending', ja: '判定前' },
  approved: { en: 'Approved, not yet credited', ja: '支払決定' },
  credited: { en: 'Credited', ja: '残高反映済' },
  held: { en: 'Held', ja: '支払保留' },
  rejected: { en: 'Rejected', ja: '対象外' },
  below_one_yen: { en: 'Closed because it rounds to 0 yen', ja: '1円未満のため終了' },
  not_opened: { en: 'Balances without a claim yet', ja: '補償明細 未作成' },
};

export const CHECK_TITLES: Readonly<Record<CheckName, Text>> = {
  claims_are_the_snapshot: {
    en: 'Sealed quantity × price (opened) = claims + residue',
    ja: '基準残高 × 補償単価(作成済分) = 補償明細 + 端数差額',
  },
  approvals_are_the_claims: {
    en: 'Approvals − withdrawals = approved and credited claims',
    ja: '支払決定 − 判定取消 = 支払決定・残高反映済の補償明細',
  },
  approved_account_is_the_claims: {
    en: 'Account approved, uncredited = approved claims',
    ja: '勘定「支払決定済未反映」 = 支払決定の補償明細',
  },
  credits_are_the_claims: { en: 'Credit transfers = credited claims', ja: '残高反映の振替 = 残高反映済の補償明細' },
  credits_are_the_batches: { en: 'Credit transfers = credited by batches', ja: '残高反映の振替 = 一括反映の反映額' },
  wallets_are_the_credits: { en: 'Customer wallets = credit transfers', ja: '顧客預り金 = 残高反映の振替' },
  fund_is_its_transfers: {
    en: 'Compensation fund = fundings − approvals + withdrawals',
    ja: '補償原資 = 拠出 − 支払決定 + 判定取消',
  },
  books_balance: { en: 'Trial balance = 0', ja: '合計残高試算表 = 0' },
};
