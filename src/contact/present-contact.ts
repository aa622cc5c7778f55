import { checkState } from './caller-check.state.js';
import type { ContactRow } from './contact.repository.js';
import type { ComplaintView, ContactView } from './contact.views.js';

export function contactView(row: ContactRow): ContactView {
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

function complaintView(complaint: NonNullable<ContactRow['complaint']>): ComplaintView {
  return {
    category: complaint.category,
    dueOn: complaint.dueOn.toISOString().slice(0, 10),
    outcome: complaint.outcome,
    closedAt: complaint.closedAt?.toISOString() ?? null,
  };
}
