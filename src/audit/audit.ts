import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { decodeBigintCursor, toPage, type Page } from '../platform/pagination/page.js';
import type { AuditEventFilter, AuditEventView } from './audit.dto.js';
import { assertNoPersonalData } from './personal-data.js';

/** Who did it, and under which request: all that the trail knows of a caller. */
export type AuditContext = Pick<RequestContext, 'actor' | 'requestId'>;

export interface AuditEntry {
  /** `subject.verb`, for instance `rate.proposed`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** Identifiers, states, amounts and reasons; never personal data (see personal-data.ts). */
  readonly before?: Json;
  readonly after?: Json;
  /** About a thing that only compliance may know of, such as a confidential hold. */
  readonly confidential?: boolean;
  /** For a statement over many rows: how many, their sum in yen, and SHA-256 (hex) over them in order. */
  readonly rows?: { readonly count: bigint; readonly sumJpy: bigint | null; readonly digest: string };
}

/** Who changed something without a request, such as a job. */
export function systemActor(job: string): AuditContext {
  return { actor: { id: 'system', role: 'system' }, requestId: `job:${job}` };
}

/** The audit trail: written inside the transaction of each change, read by auditors. */
@Injectable()
export class Audit {
  constructor(private readonly database: Database) {}

  /** Without its event, no change: an error here ends the caller's transaction. */
  async record(tx: Tx, context: AuditContext, entry: AuditEntry): Promise<void> {
    assertNoPersonalData(entry.before);
    assertNoPersonalData(entry.after);
    await tx.auditEvent.create({
      select: { id: true },
      data: {
        actorId: context.actor.id,
        actorRole: context.actor.role,
        requestId: context.requestId,
        action: entry.action,
        subjectType: entry.subjectType,
        subjectId: entry.subjectId,
        confidential: entry.confidential ?? false,
        ...(entry.before == null ? {} : { before: entry.before }),
        ...(entry.after == null ? {} : { after: entry.after }),
        ...(entry.rows ? { rowCount: entry.rows.count, sumJpy: entry.rows.sumJpy, rowsDigest: entry.rows.digest } : {}),
      },
    });
  }

  /** Newest first, either the confidential events or all others. Errors: cursor_invalid. */
  list({ limit, cursor, ...filter }: AuditEventFilter, confidential = false): Promise<Page<AuditEventView>> {
    const before = decodeBigintCursor(cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await tx.auditEvent.findMany({
        where: { ...given(filter), confidential, ...(before === null ? {} : { id: { lt: before } }) },
        orderBy: { id: 'desc' },
        take: limit + 1,
      });
      return toPage(rows, limit, (row) => row.id.toString(), viewOf);
    });
  }
}

/** Only the filters that were asked for: one that is undefined must not reach the database. */
function given(filter: Omit<AuditEventFilter, 'limit' | 'cursor'>): Prisma.AuditEventWhereInput {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function viewOf(row: Prisma.AuditEventGetPayload<object>): AuditEventView {
  return {
    id: row.id.toString(),
    occurredAt: row.occurredAt.toISOString(),
    actorId: row.actorId,
    actorRole: row.actorRole,
    action: row.action,
    subjectType: row.subjectType,
    subjectId: row.subjectId,
    requestId: row.requestId,
    before: row.before as Json,
    after: row.after as Json,
    rowCount: row.rowCount?.toString() ?? null,
    sumJpy: row.sumJpy?.toString() ?? null,
    rowsDigest: row.rowsDigest,
  };
}
