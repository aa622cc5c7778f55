import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../platform/database/database.js';
import type { Actor } from '../platform/http/request-context.js';
import { HolderNotFound } from './call-centre.errors.js';
import { CallCentreRepository } from './call-centre.repository.js';
import type { HolderView, ShownHolderView } from './call-centre.views.js';
import { holderView } from './present-holder.js';
import { fittingScripts } from './scripts/present-script.js';
import { ScriptRepository } from './scripts/script.repository.js';
import { situationsOf } from './scripts/situations.js';
import { readObstacles } from './sql/read-obstacles.sql.js';

/** What someone on the phone needs to see of a customer. Everything about the person is masked; every hold is one neutral fact. */
@Injectable()
export class CallCentreService {
  constructor(
    private readonly database: Database,
    private readonly holders: CallCentreRepository,
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
    const row = (await this.holders.isOwn(tx, actor.id, customerNo))
      ? null
      : await this.holders.findByCustomerNo(tx, customerNo);
    if (!row) throw new HolderNotFound();
    return holderView(row, await readObstacles(tx, row.id), actor.role);
  }
}
