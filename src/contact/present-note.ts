import { dayOf } from '../platform/clock/jst.js';
import type { NoteRow } from './note.repository.js';
import type { NoteHistoryView, NoteVersionView, NoteView } from './note.views.js';

type VersionRow = NoteRow['versions'][number];

export function noteView(row: NoteRow): NoteView {
  const [redaction] = row.redactions;
  return {
    id: row.id.toString(),
    customerNo: row.holder?.customerNo ?? null,
    contactId: row.contactId?.toString() ?? null,
    current: versionView(currentOf(row)),
    redaction: redaction?.redactedAt
      ? { reason: redaction.reason, redactedAt: redaction.redactedAt.toISOString() }
      : null,
  };
}

export function noteHistoryView(row: NoteRow): NoteHistoryView {
  return { ...noteView(row), versions: row.versions.map(versionView) };
}

/** A note is written with its first version, in one transaction. */
export function currentOf(row: NoteRow): VersionRow {
  const [current] = row.versions;
  if (!current) throw new Error(`note ${row.id} has no version`);
  return current;
}

function versionView(row: VersionRow): NoteVersionView {
  const { version, text, textSha256, topic, direction, outcome } = row;
  return {
    version,
    text,
    textSha256,
    topic,
    direction,
    outcome,
    followUpOn: dayOf(row.followUpOn),
    writtenBy: row.writer.displayName,
    writtenAt: row.writtenAt.toISOString(),
  };
}
