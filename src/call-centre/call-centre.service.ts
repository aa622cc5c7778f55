import { Injectable } from '@nestjs/common';
import { HolderNotFound } from '../holder/holder.errors.js';
import { CUSTOMER_NO } from '../holder/person.rules.js';
import { Clock } from '../platform/clock/clock.js';
import { coalesced } from '../platform/database/coalesced.js';
import { Database } from '../platform/database/database.js';
import type { Actor } from '../platform/http/request-context.js';
import type { HolderView, ShownHolderView } from './call-centre.views.js';
import { holderView } from './present-holder.js';
import { fittingScripts } from './scripts/present-script.js';
import { situationsOf } from './scripts/situations.js';
import { readScriptTitles, type ScriptTitles } from './scripts/sql/read-script-titles.sql.js';
import { readHolderPages, type AskedPage } from './sql/read-holder-pages.sql.js';

/** What someone on the phone needs to see of a customer, in one answer. Every hold is one neutral fact. */
@Injectable()
export class CallCentreService {
  private readonly page = coalesced((asked: readonly AskedPage[]) =>
    readHolderPages(this.database.shortStatements, asked),
  );
  private readonly titles = coalesced<'all', ScriptTitles>(async (asked) => {
    const titles = await readScriptTitles(this.database.shortStatements);
    return asked.map(() => titles);
  });

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Errors: holder_not_found, also for one's own record and a relative's. */
  async show(actor: Actor, customerNo: string): Promise<ShownHolderView> {
    const [page, titles] = await Promise.all([this.read(actor, customerNo), this.titles('all')]);
    return { ...page, scripts: fittingScripts(titles ?? [], situationsOf(page), page.customerNo) };
  }

  /** The page without its scripts, at one instant, for whoever fills them in. Errors: those of `show`. */
  async read(actor: Actor, customerNo: string): Promise<HolderView> {
    // What cannot be one would make the statement of others fail.
    const holder = CUSTOMER_NO.test(customerNo) ? await this.page({ actor, customerNo }) : null;
    if (!holder) throw new HolderNotFound();
    return holderView({ holder, role: actor.role, now: this.clock.now() });
  }
}
