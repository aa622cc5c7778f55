import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { Json } from '../platform/json.js';
import { decodeBigintCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import type { AlertView } from './alert.views.js';
import { FINDING_KINDS, type FindingKind } from './finding.js';

type AlertRow = Prisma.WatchAlertGetPayload<{ include: { notices: true } }>;

/** What the watch has found, for people. */
@Injectable()
export class AlertService {
  constructor(private readonly database: Database) {}

  /** Newest first. Errors: cursor_invalid. */
  list({ limit, cursor }: PageQuery): Promise<Page<AlertView>> {
    const before = decodeBigintCursor(cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await tx.watchAlert.findMany({
        where: before === null ? {} : { id: { lt: before } },
        orderBy: { id: 'desc' },
        take: limit + 1,
        include: { notices: true },
      });
      return toPage(rows, limit, (row) => row.id.toString(), viewOf);
    });
  }
}

function viewOf({ id, kind, subject, evidence, stopsCrediting, raisedAt, notices }: AlertRow): AlertView {
  return {
    id: id.toString(),
    kind,
    text: FINDING_KINDS[kind as FindingKind].text,
    subject,
    evidence: evidence as Json,
    stopsCrediting,
    raisedAt: raisedAt.toISOString(),
    notices: notices.map(({ channel, sentAt }) => ({ channel, sentAt: sentAt.toISOString() })),
  };
}
