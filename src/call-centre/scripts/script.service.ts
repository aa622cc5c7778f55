import { Injectable } from '@nestjs/common';
import { Approvals } from '../../approval/approvals.js';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../platform/clock/clock.js';
import { jstDate } from '../../platform/clock/jst.js';
import { Database, type Tx } from '../../platform/database/database.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { Commands } from '../../platform/idempotency/commands.js';
import { decodeUuidCursor, toPage } from '../../platform/pagination/page.js';
import { CallCentreService } from '../call-centre.service.js';
import { factsOf } from './facts-of.js';
import { standsAlone, unknownFact } from './fill-in.js';
import { inMenuOrder, scriptVersionView, scriptView } from './present-script.js';
import type { ScriptQuery, ScriptVersionQuery, WriteScriptDto } from './script.dto.js';
import {
  EscalationRequired,
  ScriptFactUnknown,
  ScriptNotFound,
  ScriptPromisesDate,
  ScriptReleased,
  ScriptSaysNothing,
  ScriptVersionOutdated,
} from './script.errors.js';
import { ScriptRepository, type ScriptRow } from './script.repository.js';
import { isOpenTo } from './situations.js';
import type { ScriptList, ScriptReleaseView, ScriptVersionPage, ScriptVersionView } from './script.views.js';

/** What agents say: written by team leads, released by another person, filled in with the facts of the customer at hand. */
@Injectable()
export class Scripts {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly scripts: ScriptRepository,
    private readonly pages: CallCentreService,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Those in use, with facts in an own open contact whose caller has passed the check. Errors: holder_not_found, also for one's own record and a relative's. */
  async read({ actor }: RequestContext, { for: situation, customerNo }: ScriptQuery): Promise<ScriptList> {
    const page = customerNo === undefined ? null : await this.pages.read(actor, customerNo);
    const facts = page && factsOf(page, jstDate(this.clock.now()));
    const rows = await this.database.consistentRead((tx) => this.scripts.inUse(tx, situation ?? null));
    return {
      customerNo: customerNo ?? null,
      factsOpen: page !== null && isOpenTo(page.call),
      items: inMenuOrder(rows).map((row) => scriptView(row, facts)),
    };
  }

  /** Every version, drafts too, newest first. */
  list({ for: situation, limit, cursor }: ScriptVersionQuery): Promise<ScriptVersionPage> {
    const beforeId = decodeUuidCursor(cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await this.scripts.list(tx, situation ?? null, limit, beforeId);
      return toPage(rows, limit, ({ id }) => id, scriptVersionView);
    });
  }

  /**
   * A draft; what waited to be released is void, for it is no longer the latest. Errors: script_version_outdated,
   * script_fact_unknown, script_says_nothing, script_promises_date, script_escalation_required.
   */
  write(context: RequestContext, script: WriteScriptDto): Promise<ScriptVersionView> {
    const { for: situation, text, replaces } = script;
    const unknown = unknownFact(text.ja) ?? unknownFact(text.en);
    if (unknown !== null) throw new ScriptFactUnknown(unknown);
    if (!standsAlone(text.ja) || !standsAlone(text.en)) throw new ScriptSaysNothing();
    if (situation.startsWith('topic_') && !script.escalation) throw new EscalationRequired();
    return this.commands.run(context, async (tx) => {
      await this.assertPromisesNothing(tx, script);
      const latest = await this.scripts.lockLatest(tx, situation);
      if ((latest?.version ?? 0) !== replaces) throw new ScriptVersionOutdated(latest?.version ?? 0);
      if (latest) await this.approvals.withdraw(tx, context, 'script_release', latest.id, 'rewritten');
      const id = await this.scripts.insert(tx, replaces + 1, context.actor.id, script);
      await this.audit.record(tx, context, {
        action: 'script.written',
        subjectType: 'script',
        subjectId: id,
        after: { for: situation, version: replaces + 1, text: { en: text.en, ja: text.ja } },
      });
      return scriptVersionView(await this.find(tx, id));
    });
  }

  /** Asks a second person. Errors: script_not_found, script_version_outdated, script_released, and those of asking for approval. */
  release(context: RequestContext, id: string): Promise<ScriptReleaseView> {
    return this.commands.run(context, async (tx) => {
      const row = await this.find(tx, id);
      const latest = await this.scripts.lockLatest(tx, row.situation);
      if (latest?.id !== id) throw new ScriptVersionOutdated(latest?.version ?? 0);
      const contentHash = await this.scripts.contentHash(tx, id);
      if (contentHash === null) throw new ScriptReleased();
      const ask = { subjectType: 'script_release', subjectId: id, contentHash, amountJpy: null };
      return { script: scriptVersionView(row), approvalRequest: await this.approvals.open(tx, context, ask) };
    });
  }

  private async find(tx: Tx, id: string): Promise<ScriptRow> {
    const row = await this.scripts.find(tx, id);
    if (!row) throw new ScriptNotFound();
    return row;
  }

  private async assertPromisesNothing(tx: Tx, { text }: WriteScriptDto): Promise<void> {
    const promise = (await this.scripts.promiseIn(tx, text.ja)) ?? (await this.scripts.promiseIn(tx, text.en));
    if (promise !== null) throw new ScriptPromisesDate(promise);
  }
}
