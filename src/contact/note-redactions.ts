import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import type { RedactNoteDto } from './note.dto.js';
import { NoteRedacted } from './note.errors.js';
import type { RedactionRequestView } from './note.views.js';
import { Notes } from './notes.js';

/** Who asks and who agrees. That compliance redacts a note of its own shows that there is one: nobody else sees the request. */
const OF_THE_FLOOR = {
  type: 'note_redaction',
  makerRoles: ['support_agent', 'team_lead', 'claims_officer', 'compliance'],
  checkerRoles: ['team_lead', 'claims_officer', 'compliance'],
} as const;
const OF_COMPLIANCE = {
  type: 'confidential_note_redaction',
  makerRoles: ['compliance'],
  checkerRoles: ['compliance'],
  confidential: true,
} as const;

/** What should never have been noted is destroyed once two people agree; that it was there, when and why it went stay. */
@Injectable()
export class NoteRedactions implements OnModuleInit {
  constructor(
    private readonly commands: Commands,
    private readonly notes: Notes,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    for (const kind of [OF_THE_FLOOR, OF_COMPLIANCE]) this.approvals.register(this.subject(kind));
  }

  /** Errors: note_not_found, note_redacted, and those of asking for approval. */
  ask(context: RequestContext, noteId: bigint, { reason }: RedactNoteDto): Promise<RedactionRequestView> {
    return this.commands.run(context, async (tx) => {
      const note = await this.notes.seen(tx, context.actor, noteId);
      if (note.redactions.length > 0) throw new NoteRedacted();
      const { id } = await tx.noteRedaction.create({
        data: { noteId, reason, askedBy: context.actor.id },
        select: { id: true },
      });
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: (note.confidential ? OF_COMPLIANCE : OF_THE_FLOOR).type,
        subjectId: id,
        contentHash: (await contentHash(tx, id)) ?? '',
        amountJpy: null,
        namedCustomerNos: note.holder ? [note.holder.customerNo] : [],
      });
      return { noteId: noteId.toString(), approvalRequest };
    });
  }

  private subject(kind: typeof OF_THE_FLOOR | typeof OF_COMPLIANCE): ApprovalSubject {
    return {
      ...kind,
      contentHash,
      preview,
      takeEffect: (tx, context, request) => this.redact(tx, context, request),
      // The note stays as it is, and one can ask again; the request itself says who refused and why.
      refused: () => Promise.resolve(),
      lapsed: () => Promise.resolve(),
    };
  }

  private async redact(tx: Tx, context: RequestContext, { id, subjectId }: ApprovalRequest): Promise<Json> {
    const { noteId, note } = await tx.noteRedaction.findUniqueOrThrow({
      where: { id: subjectId },
      include: { note: true },
    });
    const [done] = await tx.$queryRaw<{ versions: number }[]>`SELECT redact_note(${subjectId}::uuid) AS versions`;
    await this.audit.record(tx, context, {
      action: 'note.redacted',
      subjectType: 'note',
      subjectId: noteId.toString(),
      after: { approvalRequestId: id, versions: done?.versions ?? 0 },
      confidential: note.confidential,
    });
    return { status: 'redacted', noteId: noteId.toString() };
  }
}

/** Over every version as it is now, so that nobody agrees to destroy what they have not read. */
async function contentHash(tx: Tx, subjectId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ hash: string }[]>`
    SELECT note_redaction_hash(r.id) AS hash FROM note_redaction r
    WHERE r.id = ${subjectId}::uuid AND NOT EXISTS (SELECT FROM note_redaction d WHERE d.note_id = r.note_id AND d.redacted_at IS NOT NULL)`;
  return row?.hash ?? null;
}

/** Without the text: whoever decides reads the note itself, which knows who may. */
async function preview(tx: Tx, subjectId: string): Promise<Json> {
  const row = await tx.noteRedaction.findUnique({
    where: { id: subjectId },
    include: { note: { include: { holder: true, versions: { select: { version: true, textSha256: true } } } } },
  });
  return (
    row && {
      note: `/v1/notes/${row.noteId}`,
      customerNo: row.note.holder?.customerNo ?? null,
      reason: row.reason,
      versions: row.note.versions.map(({ version, textSha256 }) => ({ version, textSha256 })),
    }
  );
}
