import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Holders } from '../holder/holders.js';
import { dayOf } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Actor, RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import { decodeBigintCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { Contacts } from './contacts.js';
import type { ReviseNoteDto, WriteNoteDto } from './note.dto.js';
import { NoteChanged, NoteForOtherReaders, NoteNotFound, NoteRedacted } from './note.errors.js';
import { NoteRepository, type NoteRow } from './note.repository.js';
import type { NoteHistoryView, NoteView, WrittenNoteView } from './note.views.js';
import { currentOf, noteHistoryView, noteView } from './present-note.js';
import { WorkItems } from './work-items.js';

interface About {
  readonly holderId: bigint | null;
  readonly contactId: bigint | null;
}

/** What was said and agreed, for whoever speaks with the holder next. Never written over: each edit is a further version. */
@Injectable()
export class Notes {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly notes: NoteRepository,
    private readonly contacts: Contacts,
    private readonly holders: Holders,
    private readonly workItems: WorkItems,
    private readonly audit: Audit,
  ) {}

  /** Errors: holder_not_found, also for one's own record and a relative's. */
  writeOnHolder(context: RequestContext, customerNo: string, given: WriteNoteDto): Promise<WrittenNoteView> {
    return this.commands.run(context, async (tx) => {
      const { id: holderId } = await this.holders.ofOthers(tx, context.actor, customerNo);
      return this.write(tx, context, { holderId, contactId: null }, given);
    });
  }

  /** Errors: contact_not_found, note_for_other_readers. */
  writeOnContact(context: RequestContext, contactId: bigint, given: WriteNoteDto): Promise<WrittenNoteView> {
    return this.commands.run(context, async (tx) => {
      const contact = await this.contacts.seen(tx, context.actor, contactId);
      assertSameReaders(context.actor, contact);
      return this.write(tx, context, { holderId: contact.holderId, contactId }, given);
    });
  }

  /** Errors: note_not_found, note_redacted, note_for_other_readers, note_changed. */
  revise(context: RequestContext, id: bigint, given: ReviseNoteDto): Promise<WrittenNoteView> {
    return this.commands.run(context, async (tx) => {
      const note = await this.visible(tx, context.actor, await this.notes.lock(tx, id));
      assertSameReaders(context.actor, note);
      if (note.redactions.length > 0) throw new NoteRedacted();
      const current = currentOf(note);
      if (current.version !== given.basedOnVersion) throw new NoteChanged(current.version);
      const written = await this.insertVersion(tx, context, id, current.version + 1, given);
      await this.record(tx, context, note, 'note.revised', written, given);
      await this.followUp(tx, context, note, dayOf(current.followUpOn), given.followUpOn ?? null);
      return written;
    });
  }

  /** With every version. Errors: note_not_found. */
  show(actor: Actor, id: bigint): Promise<NoteHistoryView> {
    return this.database.consistentRead(async (tx) => noteHistoryView(await this.seen(tx, actor, id)));
  }

  /** Newest first. Errors: holder_not_found, cursor_invalid. */
  ofHolder(actor: Actor, customerNo: string, page: PageQuery): Promise<Page<NoteView>> {
    return this.list(actor, page, async (tx) => ({
      holderId: (await this.holders.ofOthers(tx, actor, customerNo)).id,
    }));
  }

  /** Newest first. Errors: contact_not_found, cursor_invalid. */
  ofContact(actor: Actor, contactId: bigint, page: PageQuery): Promise<Page<NoteView>> {
    return this.list(actor, page, async (tx) => ({ contactId: (await this.contacts.seen(tx, actor, contactId)).id }));
  }

  /** A note as this person may see it, with every version. Errors: note_not_found. */
  async seen(tx: Tx, actor: Actor, id: bigint): Promise<NoteRow> {
    return this.visible(tx, actor, await this.notes.find(tx, id));
  }

  private list(
    actor: Actor,
    { limit, cursor }: PageQuery,
    find: (tx: Tx) => Promise<Parameters<NoteRepository['list']>[1]>,
  ): Promise<Page<NoteView>> {
    const before = decodeBigintCursor(cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await this.notes.list(tx, await find(tx), actor.role, limit, before);
      return toPage(rows, limit, ({ id }) => id.toString(), noteView);
    });
  }

  private async write(tx: Tx, context: RequestContext, about: About, given: WriteNoteDto): Promise<WrittenNoteView> {
    const note = await tx.note.create({
      data: { ...about, writtenBy: context.actor.id },
      select: { id: true, holderId: true, contactId: true, confidential: true },
    });
    const written = await this.insertVersion(tx, context, note.id, 1, given);
    await this.record(tx, context, note, 'note.written', written, given);
    await this.followUp(tx, context, note, null, given.followUpOn ?? null);
    return written;
  }

  private async insertVersion(
    tx: Tx,
    { actor }: RequestContext,
    noteId: bigint,
    version: number,
    { text, topic, direction, outcome, followUpOn }: WriteNoteDto,
  ): Promise<WrittenNoteView> {
    const { textSha256 } = await tx.noteVersion.create({
      data: {
        noteId,
        version,
        text,
        topic,
        direction: direction ?? null,
        outcome: outcome ?? null,
        followUpOn: followUpOn === undefined ? null : new Date(followUpOn),
        writtenBy: actor.id,
      },
      select: { textSha256: true },
    });
    return { id: noteId.toString(), version, textSha256 };
  }

  /** On another day it is another thing to do. What compliance follows up is in no queue, which would show it to others. */
  private async followUp(
    tx: Tx,
    context: RequestContext,
    note: Pick<NoteRow, 'id' | 'holderId' | 'confidential'>,
    before: string | null,
    dueOn: string | null,
  ): Promise<void> {
    if (note.confidential || before === dueOn) return;
    if (before !== null) await this.workItems.settle(tx, context, 'follow_up', `note:${note.id}`);
    if (dueOn === null) return;
    const subjectId = note.id.toString();
    await this.workItems.open(tx, context, {
      kind: 'follow_up',
      holderId: note.holderId,
      subjectType: 'note',
      subjectId,
      dueOn,
    });
  }

  private record(
    tx: Tx,
    context: RequestContext,
    { holderId, contactId, confidential }: About & { readonly confidential: boolean },
    action: string,
    { id, version, textSha256 }: WrittenNoteView,
    { topic, followUpOn }: WriteNoteDto,
  ): Promise<void> {
    const about = { holderId: holderId?.toString() ?? null, contactId: contactId?.toString() ?? null };
    const after: Json = { ...about, version, textSha256, topic, followUpOn: followUpOn ?? null };
    return this.audit.record(tx, context, { action, subjectType: 'note', subjectId: id, after, confidential });
  }

  private async visible(tx: Tx, actor: Actor, row: NoteRow | null): Promise<NoteRow> {
    const hidden =
      !row ||
      (row.confidential && actor.role !== 'compliance') ||
      (row.holder !== null && (await this.holders.isOwn(tx, actor, row.holder.customerNo)));
    if (hidden) throw new NoteNotFound();
    return row;
  }
}

function assertSameReaders({ role }: Actor, { confidential }: { readonly confidential: boolean }): void {
  if (confidential !== (role === 'compliance')) throw new NoteForOtherReaders();
}
