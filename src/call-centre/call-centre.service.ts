import { Injectable } from '@nestjs/common';
import { HolderContacts } from '../contact/holder-contacts.js';
import { Objections } from '../contact/objections.js';
import { HolderNotFound } from '../holder/holder.errors.js';
import { Holders } from '../holder/holders.js';
import { Representatives } from '../holder/representatives.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Actor } from '../platform/http/request-context.js';
import { CallCentreRepository } from './call-centre.repository.js';
import type { HolderView, ShownHolderView } from './call-centre.views.js';
import { holderView } from './present-holder.js';
import { fittingScripts } from './scripts/present-script.js';
import { ScriptRepository } from './scripts/script.repository.js';
import { situationsOf } from './scripts/situations.js';
import { readObstacles } from './sql/read-obstacles.sql.js';

/** What someone on the phone needs to see of a customer, in one answer. Every hold is one neutral fact. */
@Injectable()
export class CallCentreService {
  constructor(
    private readonly database: Database,
    private readonly holders: Holders,
    private readonly pages: CallCentreRepository,
    private readonly contacts: HolderContacts,
    private readonly objections: Objections,
    private readonly representatives: Representatives,
    private readonly clock: Clock,
    private readonly scripts: ScriptRepository,
  ) {}

  /** At one instant. Errors: holder_not_found, also for one's own record and a relative's. */
  show(actor: Actor, customerNo: string): Promise<ShownHolderView> {
    return this.database.consistentRead(async (tx) => {
      const page = await this.read(tx, actor, customerNo);
      const situations = situationsOf(page);
      const scripts = await this.scripts.inUse(tx, situations);
      return { ...page, scripts: fittingScripts(scripts, situations, page.customerNo) };
    });
  }

  /** The page without its scripts, for whoever fills them in. Errors: those of `show`. */
  async read(tx: Tx, actor: Actor, customerNo: string): Promise<HolderView> {
    const holder = (await this.holders.isOwn(tx, actor, customerNo)) ? null : await this.pages.find(tx, customerNo);
    if (!holder) throw new HolderNotFound();
    return holderView({
      holder,
      obstacles: await readObstacles(tx, holder.id),
      contacts: await this.contacts.atHand(tx, actor, holder.id),
      objections: await this.objections.ofHolder(tx, holder.id),
      representatives: await this.representatives.ofHolder(tx, holder.id),
      role: actor.role,
      now: this.clock.now(),
    });
  }
}
