import type { InJson } from '../../platform/json.js';
import type { ShownContact } from '../present-contact.js';
import type { ShownNote } from '../present-note.js';
import type { OpenContact } from './read-open-contacts.sql.js';

const LAST_CONTACTS = 3;
const MOST_OPEN_NOTES = 10;

/** What somebody on the phone needs to know of the contacts about one holder. */
export interface ContactsAtHand {
  /** The newest contact that this agent has open about this holder. */
  readonly own: OpenContact | null;
  /** Its caller passed the check, and may be told: name, kana and amount are open to its agent. */
  readonly isOpened: boolean;
  /** Who is on this holder now, this agent too; oldest first. */
  readonly open: readonly OpenContact[];
  readonly last: readonly ShownContact[];
  /** The newest that somebody still has to come back to. */
  readonly openNotes: readonly ShownNote[];
  /** Within a day a caller failed three times to be this holder, in whichever contact. */
  readonly checkLocked: boolean;
}

/** As the database answers it; an empty list is null. */
interface Found {
  readonly open: InJson<OpenContact>[] | null;
  readonly last: InJson<ShownContact>[] | null;
  readonly notes: InJson<ShownNote>[] | null;
  readonly checkLocked: boolean;
}

/** Contacts that nobody closed drop out by themselves. */
const OPEN = `
  SELECT json_agg(json_build_object('id', c.id::text, 'channel', c.channel, 'caller', c.caller, 'agent', s.display_name,
      'own', c.staff_id = asked.staff_id, 'openedAt', c.opened_at, 'expiresAt', c.expires_at, 'entitled', caller_may_be_told(c),
      'passed', EXISTS (SELECT FROM caller_check k WHERE k.contact_id = c.id AND k.passed),
      'failed', (SELECT count(*) FROM caller_check k WHERE k.contact_id = c.id AND NOT k.passed),
      'isComplaint', EXISTS (SELECT FROM complaint p WHERE p.contact_id = c.id)) ORDER BY c.id)
  FROM contact c JOIN staff s ON s.id = c.staff_id
  WHERE c.holder_id = asked.holder_id AND c.closed_at IS NULL AND c.expires_at > now() AND (NOT c.confidential OR asked.sees_confidential)`;

const LAST = `
  SELECT json_agg(json_build_object('id', c.id::text, 'channel', c.channel, 'direction', c.direction, 'caller', c.caller,
      'representativeId', c.representative_id::text, 'topic', c.topic, 'outcome', c.outcome,
      'openedAt', c.opened_at, 'expiresAt', c.expires_at, 'closedAt', c.closed_at,
      'holder', json_build_object('customerNo', asked.customer_no), 'staff', json_build_object('displayName', s.display_name),
      'checks', coalesce((SELECT json_agg(json_build_object('passed', k.passed)) FROM caller_check k WHERE k.contact_id = c.id), '[]'),
      'complaint', (SELECT json_build_object('category', p.category, 'dueOn', p.due_on, 'outcome', p.outcome, 'closedAt', p.closed_at)
                    FROM complaint p WHERE p.contact_id = c.id)) ORDER BY c.id DESC)
  FROM (SELECT * FROM contact WHERE holder_id = asked.holder_id AND (NOT confidential OR asked.sees_confidential)
        ORDER BY id DESC LIMIT ${LAST_CONTACTS}) AS c JOIN staff s ON s.id = c.staff_id`;

/**
 * Their follow-up is in the work queue; or for compliance, whose notes are in no queue, the note itself says so. OFFSET 0 keeps
 * that a probe per note: otherwise all that is open in the queue would be read at once.
 */
const OPEN_NOTES = `
  SELECT json_agg(json_build_object('id', n.id::text, 'contactId', n.contact_id::text, 'holder', json_build_object('customerNo', asked.customer_no),
      'versions', (SELECT json_agg(json_build_object('version', v.version, 'text', v.text, 'textSha256', v.text_sha256, 'topic', v.topic,
                     'direction', v.direction, 'outcome', v.outcome, 'followUpOn', v.follow_up_on, 'writtenAt', v.written_at,
                     'writer', json_build_object('displayName', s.display_name)))
                   FROM (SELECT * FROM note_version WHERE note_id = n.id ORDER BY version DESC LIMIT 1) AS v JOIN staff s ON s.id = v.written_by),
      'redactions', coalesce((SELECT json_agg(json_build_object('reason', r.reason, 'redactedAt', r.redacted_at))
                              FROM note_redaction r WHERE r.note_id = n.id AND r.redacted_at IS NOT NULL), '[]')) ORDER BY n.id DESC)
  FROM (
    SELECT o.id, o.contact_id FROM note o
    WHERE o.holder_id = asked.holder_id AND CASE WHEN o.confidential
      THEN asked.sees_confidential AND (SELECT v.follow_up_on FROM note_version v WHERE v.note_id = o.id ORDER BY v.version DESC LIMIT 1) IS NOT NULL
      ELSE EXISTS (SELECT FROM work_item w WHERE w.kind = 'follow_up' AND w.dedupe_key = 'note:' || o.id AND w.status <> 'done' OFFSET 0) END
    ORDER BY o.id DESC LIMIT ${MOST_OPEN_NOTES}) AS n`;

const CHECK_LOCKED = `
  EXISTS (SELECT FROM caller_check k JOIN contact c ON c.id = k.contact_id
          WHERE k.holder_id = asked.holder_id AND k.checked_at > now() - interval '1 day' AND NOT k.passed
            AND (NOT c.confidential OR asked.sees_confidential)
          GROUP BY k.contact_id HAVING count(*) >= 3)`;

/**
 * The contacts about one holder as a colleague may see them, as JSON, for the statement that reads whole pages: it has a row
 * `asked` with `holder_id`, `customer_no`, `staff_id` and `sees_confidential`. Every part probes an index. Locks nothing.
 */
export const CONTACTS_AT_HAND = `
  json_build_object('open', (${OPEN}), 'last', (${LAST}), 'notes', (${OPEN_NOTES}), 'checkLocked', ${CHECK_LOCKED})`;

export function contactsAtHand(found: unknown): ContactsAtHand {
  const { open: rows, last, notes, checkLocked } = found as Found;
  const open = (rows ?? []).map(openContact);
  const own = open.findLast((contact) => contact.own) ?? null;
  return {
    own,
    isOpened: own !== null && own.passed && own.entitled,
    open,
    last: (last ?? []).map(lastContact),
    openNotes: (notes ?? []).map(openNote),
    checkLocked,
  };
}

const openContact = (row: InJson<OpenContact>): OpenContact => ({
  ...row,
  id: BigInt(row.id),
  openedAt: new Date(row.openedAt),
  expiresAt: new Date(row.expiresAt),
});

const lastContact = (row: InJson<ShownContact>): ShownContact => ({
  ...row,
  id: BigInt(row.id),
  representativeId: row.representativeId === null ? null : BigInt(row.representativeId),
  openedAt: new Date(row.openedAt),
  expiresAt: new Date(row.expiresAt),
  closedAt: instant(row.closedAt),
  complaint: row.complaint && {
    ...row.complaint,
    dueOn: new Date(row.complaint.dueOn),
    closedAt: instant(row.complaint.closedAt),
  },
});

const openNote = (row: InJson<ShownNote>): ShownNote => ({
  ...row,
  id: BigInt(row.id),
  contactId: row.contactId === null ? null : BigInt(row.contactId),
  versions: row.versions.map((version) => ({
    ...version,
    followUpOn: instant(version.followUpOn),
    writtenAt: new Date(version.writtenAt),
  })),
  redactions: row.redactions.map(({ reason, redactedAt }) => ({ reason, redactedAt: instant(redactedAt) })),
});

const instant = (text: string | null): Date | null => (text === null ? null : new Date(text));
