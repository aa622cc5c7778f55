import { Injectable } from '@nestjs/common';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { IncidentFactKind } from '../platform/database/prisma.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { decodeBigintCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import type { CorrectFactDto, RecordFactDto, ReleaseFactDto, VersionDto } from './incident.dto.js';
import {
  AnnouncementRequired,
  ChoiceUnexplained,
  FactAlreadyRecorded,
  FactNotFound,
  ValueDoesNotFit,
  VersionOutdated,
  VersionReleased,
} from './incident.errors.js';
import { IncidentRepository, type FactRow } from './incident.repository.js';
import { isDay, isValueOf } from './incident.state.js';
import type { FactReleaseView, FactView, PublicIncidentView } from './incident.views.js';
import { factView, publicIncident } from './present-fact.js';

/** What happened, what is known and what was promised: recorded and corrected by staff, read by everyone once released. */
@Injectable()
export class IncidentService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly incident: IncidentRepository,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** What the public reads. */
  tell(): Promise<PublicIncidentView> {
    return this.database.consistentRead(async (tx) =>
      publicIncident(await this.incident.listReleased(tx), this.today()),
    );
  }

  list(query: PageQuery): Promise<Page<FactView>> {
    const afterId = decodeBigintCursor(query.cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await this.incident.list(tx, query.limit, afterId);
      return toPage(
        rows,
        query.limit,
        (row) => row.id.toString(),
        (row) => factView(row, this.today(), row.versions.slice(0, 1)),
      );
    });
  }

  /** Errors: incident_fact_not_found. */
  show(key: string): Promise<FactView> {
    return this.database.consistentRead(async (tx) => factView(found(await this.incident.find(tx, key)), this.today()));
  }

  /** Errors: incident_value_does_not_fit, incident_choice_unexplained, incident_fact_already_recorded. */
  record(context: RequestContext, fact: RecordFactDto): Promise<FactView> {
    this.assertVersion(fact.kind, fact);
    return this.commands.run(context, async (tx) => {
      const factId = await this.incident.insertFact(tx, fact);
      if (factId === null) throw new FactAlreadyRecorded();
      await this.incident.insertVersion(tx, factId, 1, context.actor.id, fact, null);
      return this.recorded(tx, context, fact.key, 'incident_fact.recorded', null);
    });
  }

  /**
   * Errors: those of `record`, incident_fact_not_found, incident_version_outdated, incident_announcement_required.
   * What waited to be published is void: it is no longer the latest.
   */
  correct(context: RequestContext, key: string, correction: CorrectFactDto): Promise<FactView> {
    return this.commands.run(context, async (tx) => {
      const fact = found(await this.incident.lock(tx, key));
      this.assertVersion(fact.kind, correction);
      const [latest] = fact.versions;
      if (!latest || latest.version !== correction.corrects) throw new VersionOutdated(latest?.version ?? 0);
      if (!correction.announcement && fact.versions.some(({ status }) => status === 'released'))
        throw new AnnouncementRequired();
      await this.approvals.withdraw(tx, context, 'fact_release', latest.id, 'corrected');
      await this.incident.insertVersion(tx, fact.id, latest.version + 1, context.actor.id, correction, correction);
      return this.recorded(tx, context, key, 'incident_fact.corrected', correction.reason);
    });
  }

  /** Asks a second person to publish. Errors: incident_fact_not_found, incident_version_outdated, incident_version_released, and those of asking for approval. */
  release(context: RequestContext, key: string, { version }: ReleaseFactDto): Promise<FactReleaseView> {
    return this.commands.run(context, async (tx) => {
      const fact = found(await this.incident.lock(tx, key));
      const [latest] = fact.versions;
      if (!latest || latest.version !== version) throw new VersionOutdated(latest?.version ?? 0);
      const contentHash = await this.incident.contentHash(tx, latest.id);
      if (contentHash === null) throw new VersionReleased();
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: 'fact_release',
        subjectId: latest.id,
        contentHash,
        amountJpy: null,
      });
      return { fact: factView(fact, this.today()), approvalRequest };
    });
  }

  private async recorded(
    tx: Tx,
    context: RequestContext,
    key: string,
    action: string,
    reason: string | null,
  ): Promise<FactView> {
    const view = factView(found(await this.incident.find(tx, key)), this.today());
    const [now, before] = view.versions;
    await this.audit.record(tx, context, {
      action,
      subjectType: 'incident_fact',
      subjectId: key,
      ...(before ? { before: { version: before.version, value: { ...before.value } } } : {}),
      after: { version: now?.version ?? 0, value: { ...now?.value }, unit: now?.unit ?? null, reason },
    });
    return view;
  }

  private assertVersion(kind: IncidentFactKind, { unit, value, otherValues, why, doneOn }: VersionDto): void {
    const fitsKind = (kind === 'event') === (unit === 'instant') && (kind === 'promise') === (unit === 'date');
    const fitsDone = doneOn === undefined || (kind === 'promise' && isDay(doneOn) && doneOn <= this.today());
    if (!fitsKind || !fitsDone || !isValueOf(unit, value)) throw new ValueDoesNotFit();
    if (otherValues.length > 0 && !why) throw new ChoiceUnexplained();
  }

  private today(): string {
    return jstDate(this.clock.now());
  }
}

function found(fact: FactRow | null): FactRow {
  if (!fact) throw new FactNotFound();
  return fact;
}
