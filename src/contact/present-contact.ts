import { dayOf } from '../platform/clock/jst.js';
import type { Complaint, Contact } from '../platform/database/prisma.js';
import { checkState } from './caller-check.state.js';
import type { ColleagueView, ComplaintView, ContactView } from './contact.views.js';
import type { OpenContact } from './sql/read-open-contacts.sql.js';

/** What is shown of a contact. */
export type ShownContact = Pick<
  Contact,
  | 'id'
  | 'channel'
  | 'direction'
  | 'caller'
  | 'representativeId'
  | 'topic'
  | 'outcome'
  | 'openedAt'
  | 'expiresAt'
  | 'closedAt'
> & {
  readonly holder: { readonly customerNo: string } | null;
  readonly staff: { readonly displayName: string };
  readonly checks: readonly { readonly passed: boolean }[];
  readonly complaint: ShownComplaint | null;
};

type ShownComplaint = Pick<Complaint, 'category' | 'dueOn' | 'outcome' | 'closedAt'>;

export function contactView(row: ShownContact): ContactView {
  const { channel, direction, caller, topic, outcome } = row;
  return {
    id: row.id.toString(),
    channel,
    direction,
    caller,
    customerNo: row.holder?.customerNo ?? null,
    representativeId: row.representativeId?.toString() ?? null,
    agent: row.staff.displayName,
    topic,
    outcome,
    openedAt: row.openedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    callerCheck: checkState(row.checks),
    complaint: row.complaint && complaintView(row.complaint),
  };
}

/** Of those who are on one holder now, the others. */
export function colleagueViews(open: readonly OpenContact[]): ColleagueView[] {
  return open
    .filter(({ own }) => !own)
    .map(({ agent, channel, openedAt }) => ({ agent, channel, since: openedAt.toISOString() }));
}

function complaintView(complaint: ShownComplaint): ComplaintView {
  return {
    category: complaint.category,
    dueOn: dayOf(complaint.dueOn),
    outcome: complaint.outcome,
    closedAt: complaint.closedAt?.toISOString() ?? null,
  };
}
