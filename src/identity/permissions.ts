import { CUSTOMER } from './customer-principal.js';
import { ROLES, type Role } from './role.js';

export interface Permission {
  /** Empty: anyone, without a token. */
  readonly roles: readonly (Role | typeof CUSTOMER)[];
  /**
   * Whose record a person may ask about. `own`: only one's own, which the token names. `others`: never one's own or a
   * declared relative's. `any`: the route is about no single holder, or shows of those only that they are one's own.
   */
  readonly record: 'own' | 'others' | 'any';
  /** How lately the second factor must have been proven; left out where a session is enough. */
  readonly fresh?: Freshness;
}

/**
 * `minutes`: before money moves, before a decision, before personal data in bulk, and before accounts change.
 * `session`: once in a shift, before personal data of one person is shown whole.
 */
export type Freshness = 'minutes' | 'session';
export const FRESH_SECONDS: Readonly<Record<Freshness, number>> = { minutes: 5 * 60, session: 12 * 60 * 60 };

const ANYONE: Permission = { roles: [], record: 'any' };
const CUSTOMERS: Permission = { roles: [CUSTOMER], record: 'own' };
const staff = (...roles: [Role, ...Role[]]): Permission => ({ roles, record: 'any' });
const ofOthers = (...roles: [Role, ...Role[]]): Permission => ({ roles, record: 'others' });

const fresh = (within: Freshness, permission: Permission): Permission => ({ ...permission, fresh: within });

/** Those who see what money there is and where it went. */
const BOOKS = ['finance_maker', 'finance_checker', 'auditor'] as const;
/** Those who speak with customers or decide about their claims. */
const CALL_FLOOR = ['support_agent', 'team_lead', 'claims_officer', 'compliance'] as const;

/**
 * Who may use which route, and about whose record. The access guard, the API description and the test of every cell
 * read this table; a route that is not in it stops the server from starting.
 */
export const PERMISSIONS: Readonly<Record<string, Permission>> = {
  'GET /health/live': ANYONE,
  'GET /health/ready': ANYONE,
  'GET /metrics': ANYONE,
  'GET /v1/approval-requests': staff('team_lead', 'claims_officer', 'compliance', ...BOOKS, 'administrator'),
  'GET /v1/approval-requests/:id': staff('team_lead', 'claims_officer', 'compliance', ...BOOKS, 'administrator'),
  'POST /v1/approval-requests/:id/decisions': fresh(
    'minutes',
    staff('team_lead', 'claims_officer', 'compliance', 'finance_checker', 'administrator'),
  ),
  'POST /v1/approval-runs': fresh('minutes', staff('claims_officer')),
  'GET /v1/approval-runs/:id': staff('claims_officer', ...BOOKS),
  'GET /v1/audit/events': staff('auditor'),
  'GET /v1/audit/events/confidential': staff('compliance'),
  'GET /v1/audit/verification': staff('auditor'),
  'POST /v1/auth/activate': ANYONE,
  'POST /v1/auth/activate/second-factor': ANYONE,
  'POST /v1/auth/customer/logout': CUSTOMERS,
  'POST /v1/auth/customer/codes': ANYONE,
  'POST /v1/auth/customer/oidc/callback': ANYONE,
  'POST /v1/auth/customer/oidc/start': ANYONE,
  'POST /v1/auth/customer/sessions': ANYONE,
  'POST /v1/auth/customer/refresh': ANYONE,
  'GET /v1/auth/factors': staff(...ROLES),
  'POST /v1/auth/factors': fresh('minutes', staff(...ROLES)),
  'POST /v1/auth/factors/challenge': fresh('minutes', staff(...ROLES)),
  'DELETE /v1/auth/factors/passkeys/:id': fresh('minutes', staff(...ROLES)),
  'POST /v1/auth/factors/recovery-codes': fresh('minutes', staff(...ROLES)),
  'DELETE /v1/auth/factors/totp': fresh('minutes', staff(...ROLES)),
  'POST /v1/auth/login': ANYONE,
  'POST /v1/auth/login/second-factor': ANYONE,
  'POST /v1/auth/logout': staff(...ROLES),
  'POST /v1/auth/oidc/callback': ANYONE,
  'POST /v1/auth/oidc/start': ANYONE,
  'POST /v1/auth/refresh': ANYONE,
  'GET /v1/auth/sessions': staff(...ROLES),
  'DELETE /v1/auth/sessions/:id': staff(...ROLES),
  'POST /v1/auth/sessions/end-others': staff(...ROLES),
  'POST /v1/auth/step-up': staff(...ROLES),
  'POST /v1/auth/step-up/challenge': staff(...ROLES),
  'POST /v1/auth/step-up/oidc/callback': staff(...ROLES),
  'POST /v1/auth/step-up/oidc/start': staff(...ROLES),
  'POST /v1/bulk-look-ups': fresh('minutes', staff('team_lead', 'claims_officer', 'compliance')),
  'GET /v1/bulk-look-ups/:id': staff('team_lead', 'claims_officer', 'compliance'),
  'GET /v1/bulk-look-ups/:id/result.csv': fresh('minutes', staff('team_lead', 'claims_officer', 'compliance')),
  'GET /v1/call-centre/figures': staff('team_lead', 'claims_officer', 'compliance'),
  'GET /v1/claims': staff(...CALL_FLOOR, ...BOOKS),
  'POST /v1/claims/open': staff('claims_officer', 'finance_maker'),
  'GET /v1/claims/:claimNo': ofOthers(...CALL_FLOOR, ...BOOKS),
  'POST /v1/claims/:claimNo/decisions': fresh('minutes', ofOthers('claims_officer')),
  'DELETE /v1/claims/:claimNo/holds': ofOthers(...CALL_FLOOR),
  'POST /v1/claims/:claimNo/holds': ofOthers(...CALL_FLOOR),
  'POST /v1/contacts': ofOthers(...CALL_FLOOR),
  'GET /v1/contacts/:id': ofOthers(...CALL_FLOOR, 'auditor'),
  'POST /v1/contacts/:id/caller-check': ofOthers(...CALL_FLOOR),
  'POST /v1/contacts/:id/close': ofOthers(...CALL_FLOOR),
  'POST /v1/contacts/:id/complaint': ofOthers(...CALL_FLOOR),
  'POST /v1/contacts/:id/complaint/close': ofOthers(...CALL_FLOOR),
  'GET /v1/contacts/:id/notes': ofOthers(...CALL_FLOOR, 'auditor'),
  'POST /v1/contacts/:id/notes': ofOthers(...CALL_FLOOR),
  'GET /v1/contacts/daily.csv': fresh('minutes', staff('team_lead', 'compliance', 'auditor')),
  'GET /v1/credit-batches': staff(...BOOKS),
  'POST /v1/credit-batches': staff('finance_maker'),
  'GET /v1/credit-batches/:id': staff(...BOOKS),
  'POST /v1/credit-batches/:id/cancel': staff('finance_maker', 'finance_checker'),
  'GET /v1/credit-batches/:id/events': staff(...BOOKS),
  'GET /v1/credit-batches/:id/items': staff(...BOOKS),
  'GET /v1/credit-batches/:id/items.csv': fresh('minutes', staff(...BOOKS)),
  'POST /v1/credit-batches/:id/pause': staff('finance_maker', 'finance_checker'),
  'GET /v1/credit-batches/:id/preview': staff(...BOOKS),
  'GET /v1/credit-batches/:id/preview.csv': fresh('minutes', staff(...BOOKS)),
  'GET /v1/credit-batches/:id/release': staff(...BOOKS),
  'POST /v1/credit-batches/:id/release': fresh('minutes', staff('finance_maker', 'finance_checker')),
  'POST /v1/credit-batches/:id/release/signatures': fresh('minutes', staff('finance_maker', 'finance_checker')),
  'GET /v1/credit-batches/:id/release/statement.json': staff(...BOOKS),
  'POST /v1/credit-batches/:id/resume': fresh('minutes', staff('finance_maker', 'finance_checker')),
  'POST /v1/credit-batches/:id/stop': fresh('minutes', staff('finance_maker', 'finance_checker')),
  'POST /v1/credit-batches/:id/submit': fresh('minutes', staff('finance_maker')),
  'POST /v1/holder-updates': staff('claims_officer'),
  'GET /v1/holder-updates/:id': staff('claims_officer', 'compliance', 'auditor'),
  'GET /v1/holder-updates/:id/errors.csv': fresh('minutes', staff('claims_officer', 'compliance', 'auditor')),
  'POST /v1/holder-updates/:id/submit': fresh('minutes', staff('claims_officer')),
  'GET /v1/customer-messages/:id': ofOthers(...CALL_FLOOR, 'auditor'),
  'GET /v1/holders/search': staff(...CALL_FLOOR, 'auditor'),
  'GET /v1/holders/:customerNo': ofOthers(...CALL_FLOOR, 'auditor'),
  'GET /v1/holders/:customerNo/contacts': ofOthers(...CALL_FLOOR, 'auditor'),
  'GET /v1/holders/:customerNo/notes': ofOthers(...CALL_FLOOR, 'auditor'),
  'POST /v1/holders/:customerNo/notes': ofOthers(...CALL_FLOOR),
  'POST /v1/holders/:customerNo/representatives': ofOthers('support_agent', 'team_lead', 'claims_officer'),
  'POST /v1/holders/:customerNo/contact-changes': ofOthers('support_agent', 'team_lead', 'claims_officer'),
  'GET /v1/holders/:customerNo/identity-checks': ofOthers('claims_officer', 'compliance', 'auditor'),
  'POST /v1/holders/:customerNo/identity-checks': fresh('minutes', ofOthers('claims_officer', 'compliance')),
  'POST /v1/holders/:customerNo/objections': ofOthers(...CALL_FLOOR),
  'POST /v1/holders/:customerNo/reveal': fresh('session', ofOthers(...CALL_FLOOR)),
  'GET /v1/holders/:customerNo/timeline': ofOthers(...CALL_FLOOR, 'auditor'),
  'GET /v1/holders/:customerNo/proof': ofOthers(...CALL_FLOOR),
  'GET /v1/incident': ANYONE,
  'GET /v1/incident/facts': staff(...CALL_FLOOR, 'auditor'),
  'POST /v1/incident/facts': staff('team_lead', 'compliance'),
  'GET /v1/incident/facts/:key': staff(...CALL_FLOOR, 'auditor'),
  'POST /v1/incident/facts/:key/release': staff('team_lead', 'compliance'),
  'POST /v1/incident/facts/:key/versions': staff('team_lead', 'compliance'),
  'POST /v1/incident/progress-releases': staff('compliance', 'finance_maker'),
  'GET /v1/kill-switch': staff('compliance', ...BOOKS),
  // Whoever sees something wrong stops it at once; letting it go on takes a fresh factor, and two people.
  'POST /v1/kill-switch/pull': staff('compliance', 'finance_maker', 'finance_checker'),
  'POST /v1/kill-switch/release': fresh('minutes', staff('finance_maker', 'finance_checker')),
  'GET /v1/ledger/accounts': staff('claims_officer', ...BOOKS),
  'GET /v1/ledger/fundings': staff(...BOOKS),
  'POST /v1/ledger/fundings': fresh('minutes', staff('finance_maker')),
  'POST /v1/ledger/fundings/:fundingId/submit': fresh('minutes', staff('finance_maker')),
  'GET /v1/ledger/transfers': staff(...BOOKS),
  'GET /v1/ledger/trial-balance': staff(...BOOKS),
  'GET /v1/mail-campaigns': staff('support_agent', 'team_lead', 'claims_officer', 'auditor'),
  'POST /v1/mail-campaigns': staff('team_lead', 'claims_officer'),
  'GET /v1/mail-campaigns/:id': staff('support_agent', 'team_lead', 'claims_officer', 'auditor'),
  'GET /v1/mail-campaigns/:id/mails': staff('support_agent', 'team_lead', 'claims_officer', 'auditor'),
  'GET /v1/mail-campaigns/:id/preview': staff('team_lead', 'claims_officer', 'auditor'),
  'POST /v1/mail-campaigns/:id/submit': staff('team_lead', 'claims_officer'),
  'POST /v1/mail-campaigns/:id/waves/:seq/cancel': staff('team_lead', 'claims_officer'),
  'POST /v1/mail-campaigns/:id/waves/:seq/pause': staff('team_lead', 'claims_officer'),
  'POST /v1/mail-campaigns/:id/waves/:seq/resume': staff('team_lead', 'claims_officer'),
  'POST /v1/mail-reports': ANYONE,
  'POST /v1/mails/:id/resend': staff('support_agent', 'team_lead', 'claims_officer'),
  'GET /v1/public/progress': ANYONE,
  'GET /v1/me/claim': CUSTOMERS,
  'POST /v1/me/messages': CUSTOMERS,
  'GET /v1/me/proof': CUSTOMERS,
  'GET /v1/me/statement.csv': CUSTOMERS,
  'GET /v1/me/statement.pdf': CUSTOMERS,
  'GET /v1/me/transactions': CUSTOMERS,
  'GET /v1/notes/:id': ofOthers(...CALL_FLOOR, 'auditor'),
  'POST /v1/notes/:id/redactions': ofOthers(...CALL_FLOOR),
  'POST /v1/notes/:id/versions': ofOthers(...CALL_FLOOR),
  'GET /v1/objections/:objectionNo': ofOthers(...CALL_FLOOR, 'auditor'),
  'POST /v1/objections/:objectionNo/outcome': fresh('minutes', ofOthers('claims_officer')),
  'GET /v1/public/proofs': ANYONE,
  'GET /v1/rates': staff('claims_officer', ...BOOKS),
  'POST /v1/rates': staff('finance_maker'),
  'GET /v1/rates/:id': staff('claims_officer', ...BOOKS),
  'POST /v1/rates/:id/evidence': staff('finance_maker'),
  'POST /v1/rates/:id/submit': staff('finance_maker'),
  'GET /v1/reconciliation': staff('team_lead', 'claims_officer', ...BOOKS),
  'POST /v1/representatives/:id/end': ofOthers('support_agent', 'team_lead', 'claims_officer'),
  'GET /v1/release-keys': staff('compliance', ...BOOKS),
  'POST /v1/release-keys': fresh('minutes', staff('finance_checker', 'compliance')),
  'POST /v1/release-keys/:id/revoke': fresh('minutes', staff('finance_checker', 'compliance')),
  'GET /v1/release-rules': staff('compliance', ...BOOKS),
  'POST /v1/release-rules': fresh('minutes', staff('finance_checker', 'compliance')),
  'GET /v1/release-rules/:id': staff('compliance', ...BOOKS),
  'POST /v1/release-rules/:id/signatures': fresh('minutes', staff('finance_maker', 'finance_checker', 'compliance')),
  'GET /v1/release-rules/:id/statement.json': staff('compliance', ...BOOKS),
  'GET /v1/script-versions': staff('team_lead', 'compliance', 'auditor'),
  'POST /v1/script-versions': staff('team_lead'),
  'POST /v1/script-versions/:id/release': staff('team_lead'),
  'GET /v1/scripts': ofOthers(...CALL_FLOOR, 'auditor'),
  'GET /v1/snapshots': staff(...BOOKS),
  'POST /v1/snapshots': staff('finance_maker'),
  'GET /v1/snapshots/:id': staff(...BOOKS),
  'GET /v1/snapshots/:id/errors.csv': fresh('minutes', staff(...BOOKS)),
  'POST /v1/snapshots/:id/seal': staff('finance_maker'),
  'GET /v1/staff': staff('auditor', 'administrator'),
  'POST /v1/staff': fresh('minutes', staff('administrator')),
  'POST /v1/staff/files': fresh('minutes', staff('administrator')),
  'PATCH /v1/staff/:id': fresh('minutes', staff('administrator')),
  'POST /v1/staff/:id/factor-reset': fresh('minutes', staff('administrator')),
  'POST /v1/staff/:id/reset': fresh('minutes', staff('administrator')),
  'GET /v1/watch/alerts': staff('compliance', ...BOOKS),
  'GET /v1/work-items': staff(...CALL_FLOOR, 'auditor'),
  'POST /v1/work-items/next': staff(...CALL_FLOOR),
  'POST /v1/work-items/:id/done': staff(...CALL_FLOOR),
  'POST /v1/work-items/:id/hand-back': staff(...CALL_FLOOR),
  'POST /v1/work-items/:id/touch': staff(...CALL_FLOOR),
};

/** The line of a route as the HTTP server knows it, such as `GET`, `/v1/claims/:claimNo`; undefined if it has none. */
export function permissionOf(method: string, route: string | undefined): Permission | undefined {
  return PERMISSIONS[`${method === 'HEAD' ? 'GET' : method} ${route}`];
}
