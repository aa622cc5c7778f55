import type { StatementFields } from './release-statement.js';
import { inJapan, type ToldStatement } from './told-statement.js';

const NUMBER = /^\d{1,3}$/;

/** A statement about a weaker rule; null when it is none. */
export function tellRule(fields: StatementFields): ToldStatement | null {
  const { presentLeastSignatures: present, presentWaitingHours: presentHours } = fields;
  const { kind, subjectId, leastSignatures: least, waitingHours: hours, expiresAt, nonce } = fields;
  if (kind !== 'release_rule' || nonce === undefined || Object.keys(fields).length !== 9) return null;
  if (![present, presentHours, least, hours].every((value) => value !== undefined && NUMBER.test(value))) return null;
  return {
    title: '署名規則の緩和 / A WEAKER RULE for releasing money',
    lines: [
      ['規則 / rule', subjectId],
      ['必要署名数 / keys that must sign', `${present} → ${least}`],
      ['新しい鍵の待機 / waiting of new keys', `${presentHours} h → ${hours} h`],
      ['有効期限 / valid until', inJapan(expiresAt)],
    ],
    confirmation: { asked: '新しい必要署名数 / the new number of keys', answer: least ?? '' },
  };
}
