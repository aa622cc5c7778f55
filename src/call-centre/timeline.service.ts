import { Injectable } from '@nestjs/common';
import { Holders } from '../holder/holders.js';
import { Database } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { decodePartsCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { readTimeline, type TimelinePlace, type TimelineRow } from './sql/read-timeline.sql.js';
import type { TimelineEventView } from './timeline.dto.js';
import { timelineText, type TimelineKind } from './timeline-texts.js';

const PLACE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\|([a-z_]{1,30})\|([0-9:]{1,40})$/;

/** One list of everything that happened to a holder. */
@Injectable()
export class Timeline {
  constructor(
    private readonly database: Database,
    private readonly holders: Holders,
  ) {}

  /** Newest first. Errors: holder_not_found (also one's own and a relative's), cursor_invalid. */
  read({ actor }: RequestContext, customerNo: string, page: PageQuery): Promise<Page<TimelineEventView>> {
    const before = decodePartsCursor(page.cursor, placeOf);
    return this.database.consistentRead(async (tx) => {
      const { id: holderId } = await this.holders.ofOthers(tx, actor, customerNo);
      const question = { holderId, forCompliance: actor.role === 'compliance', before, limit: page.limit + 1 };
      const rows = await tx.$queryRaw<TimelineRow[]>(readTimeline(question));
      return toPage(rows, page.limit, ({ at, kind, id }) => `${at}|${kind}|${id}`, eventView);
    });
  }
}

function placeOf(key: string): TimelinePlace | null {
  const [, at = '', kind = '', id = ''] = PLACE.exec(key) ?? [];
  // A day that does not exist is read as another one.
  const isInstant = !Number.isNaN(Date.parse(at)) && new Date(at).toISOString().startsWith(at.slice(0, 19));
  return isInstant ? { at, kind: kind as TimelineKind, id } : null;
}

function eventView({ at, kind, by, staffName, detail }: TimelineRow): TimelineEventView {
  return { at, kind, actor: { kind: by, name: staffName }, text: timelineText(kind, detail) };
}
