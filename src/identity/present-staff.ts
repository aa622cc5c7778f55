import { createHash } from 'node:crypto';
import { dayOf } from '../platform/clock/jst.js';
import type { Json } from '../platform/json.js';
import type { StaffView } from './staff.dto.js';
import type { StaffRow } from './staff.repository.js';

/** What the trail keeps of an account: identifiers and states, not the person. */
export function recordOf(row: StaffRow): Readonly<Record<string, Json>> {
  return {
    role: row.role,
    status: row.status,
    customerNo: row.customerNo,
    relatives: row.relatives.map((relative) => relative.customerNo),
    employer: row.employer,
    team: row.team,
    mailSha256: hashed(row.mail),
    oidcSubjectSha256: hashed(row.oidcSubject),
    lastDay: dayOf(row.lastDay),
  };
}

function hashed(value: string | null): string | null {
  return value === null ? null : createHash('sha256').update(value).digest('hex');
}

/** What administrators and auditors see of it. */
export function viewOf(row: StaffRow): StaffView {
  return {
    id: row.id,
    login: row.login,
    displayName: row.displayName,
    role: row.role,
    status: row.status,
    activated: row.passwordHash !== null,
    customerNo: row.customerNo,
    relatives: row.relatives,
    employer: row.employer,
    team: row.team,
    mail: row.mail,
    lastDay: dayOf(row.lastDay),
    oidcSubject: row.oidcSubject,
    createdAt: row.createdAt.toISOString(),
  };
}
