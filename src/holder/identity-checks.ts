import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { dayOf, jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { CheckInTheFuture, IdentityIncomplete } from './contact-change.errors.js';
import { Holders, type HolderRow } from './holders.js';
import {
  DOCUMENTS,
  type IdentityDetailView,
  type IdentityView,
  type RecordIdentityCheckDto,
} from './identity-check.dto.js';

/** Who a holder is was checked: by what, by whom, and when. What follows from it, the database does itself. */
@Injectable()
export class IdentityChecks {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly holders: Holders,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Errors: holder_not_found (also for one's own record and a relative's), check_in_the_future, identity_incomplete. */
  record(context: RequestContext, customerNo: string, check: RecordIdentityCheckDto): Promise<IdentityView> {
    return this.commands.run(context, async (tx) => {
      const holder = await this.holders.ofOthers(tx, context.actor, customerNo);
      if (check.checkedOn > jstDate(this.clock.now())) throw new CheckInTheFuture();
      if (check.passed && isDocument(check) && !isComplete(holder)) throw new IdentityIncomplete();
      const { id } = await tx.identityCheck.create({
        data: {
          ...check,
          checkedOn: new Date(`${check.checkedOn}T00:00:00Z`),
          holderId: holder.id,
          checkedBy: context.actor.id,
        },
        select: { id: true },
      });
      const { method, passed, checkedOn } = check;
      await this.audit.record(tx, context, {
        action: 'holder.identity_checked',
        subjectType: 'holder',
        subjectId: holder.id.toString(),
        after: { checkId: id.toString(), method, passed, checkedOn },
      });
      return this.standing(tx, holder.id);
    });
  }

  /** Newest first. Errors: holder_not_found. */
  list(context: RequestContext, customerNo: string): Promise<IdentityDetailView> {
    return this.database.consistentRead(async (tx) => {
      const holder = await this.holders.ofOthers(tx, context.actor, customerNo);
      const checks = await tx.identityCheck.findMany({
        where: { holderId: holder.id },
        orderBy: { id: 'desc' },
        take: 100,
      });
      return {
        ...(await this.standing(tx, holder.id)),
        checks: checks.map(({ id, holderId: _holder, checkedOn, recordedAt, ...check }) => ({
          ...check,
          id: id.toString(),
          checkedOn: dayOf(checkedOn),
          recordedAt: recordedAt.toISOString(),
        })),
      };
    });
  }

  private async standing(tx: Tx, holderId: bigint): Promise<IdentityView> {
    const [row] = await tx.$queryRaw<IdentityView[]>`
      SELECT identity_status AS "identityStatus",
             CASE WHEN contact_is_verified(id) THEN 0 ELSE 2 - contact_facts_verified(id) END AS "contactFactsMissing"
      FROM holder WHERE id = ${holderId}`;
    if (!row) throw new Error('the holder is gone');
    return row;
  }
}

function isDocument({ method }: RecordIdentityCheckDto): boolean {
  return DOCUMENTS.some((document) => document === method);
}

/** The database asks the same of whoever is verified. */
function isComplete({ kind, name, nameKana, phone, birthDate }: HolderRow): boolean {
  return name !== null && nameKana !== null && phone !== null && (kind === 'corporate' || birthDate !== null);
}
