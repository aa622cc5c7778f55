import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Actor } from '../platform/http/request-context.js';
import { HolderNotFound } from './call-centre.errors.js';
import { CallCentreRepository } from './call-centre.repository.js';
import type { HolderView } from './call-centre.views.js';
import { holderView } from './present-holder.js';
import { readObstacles } from './sql/read-obstacles.sql.js';

/** What someone on the phone needs to see of a customer. Everything about the person is masked; every hold is one neutral fact. */
@Injectable()
export class CallCentreService {
  constructor(
    private readonly database: Database,
    private readonly holders: CallCentreRepository,
  ) {}

  /** At one instant. Errors: holder_not_found, also for one's own record and a relative's. */
  show(actor: Actor, customerNo: string): Promise<HolderView> {
    return this.database.consistentRead(async (tx) => {
      const row = (await this.holders.isOwn(tx, actor.id, customerNo))
        ? null
        : await this.holders.findByCustomerNo(tx, customerNo);
      if (!row) throw new HolderNotFound();
      return holderView(row, await readObstacles(tx, row.id), actor.role);
    });
  }
}
