import { Injectable } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { Json } from '../platform/json.js';
import { CustomerNoTaken, OidcSubjectTaken, OwnAccount, StaffNotFound } from './identity.errors.js';
import { recordOf, viewOf } from './present-staff.js';
import { SessionRepository } from './session.repository.js';
import type { RelativeDto, StaffView } from './staff.dto.js';
import { StaffRepository, type StaffChange, type StaffRow } from './staff.repository.js';

/** What becomes of an account; what is left out stays as it is. */
export interface AccountChange extends StaffChange {
  readonly relatives?: readonly RelativeDto[];
}

/** Changes of an account that there is. Whether one person may make them is decided by who calls, and by the database. */
@Injectable()
export class StaffChanges {
  constructor(
    private readonly staff: StaffRepository,
    private readonly sessions: SessionRepository,
    private readonly audit: Audit,
  ) {}

  /** Whoever may change accounts does not change their own. Errors: own_account, staff_not_found. */
  async lockOther(tx: Tx, context: AuditContext, id: string): Promise<StaffRow> {
    if (id === context.actor.id) throw new OwnAccount();
    const row = await this.staff.lock(tx, id);
    if (!row) throw new StaffNotFound();
    return row;
  }

  /** Bites on the person's next request; disabling ends all sessions, and so does unlinking the identity provider. Errors: customer_no_taken, oidc_subject_taken. */
  async apply(
    tx: Tx,
    context: AuditContext,
    before: StaffRow,
    { relatives, ...change }: AccountChange,
    agreedIn: Readonly<Record<string, Json>> = {},
  ): Promise<StaffView> {
    const { id } = before;
    if (change.customerNo && (await this.staff.customerNoTaken(tx, change.customerNo, id))) throw new CustomerNoTaken();
    if (change.oidcSubject && (await this.staff.oidcSubjectTaken(tx, change.oidcSubject, id)))
      throw new OidcSubjectTaken();
    await this.staff.update(tx, id, change);
    if (relatives) await this.staff.replaceRelatives(tx, id, relatives);
    if (change.status === 'disabled') await this.sessions.endAll(tx, id, 'disabled');
    const wayInEnds = before.oidcSubject !== null && change.oidcSubject !== undefined;
    if (wayInEnds && change.oidcSubject !== before.oidcSubject) await this.sessions.endAll(tx, id, 'reset');
    const after = await this.lockOther(tx, context, id);
    await this.audit.record(tx, context, {
      action: 'staff.changed',
      subjectType: 'staff',
      subjectId: id,
      before: recordOf(before),
      after: { ...recordOf(after), ...agreedIn },
    });
    return viewOf(after);
  }
}
