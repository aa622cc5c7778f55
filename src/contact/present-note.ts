import { dayOf } from '../platform/clock/jst.js';
import type { Note, NoteRedaction, NoteVersion } from '../platform/database/prisma.js';
import type { NoteRow } from './note.repository.js';
import type { NoteHistoryView, NoteVersionView, NoteView } from './note.views.js';

/** What is shown of a version of a note. */
type ShownVersion = Pick<
  NoteVersion,
  'version' | 'text' | 'textSha256' | 'topic' | 'direction' | 'outcome' | 'followUpOn' | 'writtenAt'
> & { readonly writer: { readonly displayName: string } };

/** What is shown of a note; the newest version is the first. */
export type ShownNote = Pick<Note, 'id' | 'contactId'> & {
  readonly holder: { readonly customerNo: string } | null;
  readonly versions: readonly ShownVersion[];
  readonly redactions: readonly Pick<NoteRedaction, 'reason' | 'redactedAt'>[];
};

export function noteView(row: ShownNote): NoteView {
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
export function currentOf<V>(row: { readonly id: bigint; readonly versions: readonly V[] }): V {
  const [current] = row.versions;
  if (!current) throw new Error(`note ${row.id} has no version`);
  return current;
}

function versionView(row: ShownVersion): NoteVersionView {
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
