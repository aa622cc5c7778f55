import type { Text } from '../platform/problem/domain-error.js';

/** The roles of staff, in the order in which people list them. Each person has one; who makes accounts moves no money. */
export const ROLES = [
  'support_agent',
  'team_lead',
  'claims_officer',
  'compliance',
  'finance_maker',
  'finance_checker',
  'auditor',
  'administrator',
] as const;

export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Readonly<Record<Role, Text>> = {
  support_agent: { en: 'support agent', ja: '応対担当' },
  team_lead: { en: 'team lead', ja: 'SV' },
  claims_officer: { en: 'claims officer', ja: '補償担当' },
  compliance: { en: 'compliance', ja: 'コンプライアンス' },
  finance_maker: { en: 'finance maker', ja: '財務(作成者)' },
  finance_checker: { en: 'finance checker', ja: '財務(承認者)' },
  auditor: { en: 'auditor', ja: '監査' },
  administrator: { en: 'administrator', ja: 'システム管理者' },
};
