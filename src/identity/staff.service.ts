import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import { dayOf } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { decodeUuidCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { AdministratorExists, CustomerNoTaken, LoginTaken, OwnAccount, StaffNotFound } from './identity.errors.js';
import { newActivation } from './activation.js';
import { SessionRepository } from './session.repository.js';
import type { ActivationView, ChangeStaffDto, CreatedStaffView, CreateStaffDto, StaffView } from './staff.dto.js';
import { StaffRepository, type StaffRow } from './staff.repository.js';

/** Accounts of staff. Nobody but the person ever knows a password, and nobody changes their own account. */
@Injectable()
export class StaffService {
  constructor(
    private readonly database: Database,
    private readonly staff: StaffRepository,
    private readonly sessions: SessionRepository,
    private readonly audit: Audit,
  ) {}

  list({ limit, cursor }: PageQuery): Promise<Page<StaffView>> {
    const after = decodeUuidCursor(cursor);
    return this.database.consistentRead(async (tx) =>
      toPage(await this.staff.list(tx, limit, after), limit, (row) => row.id, viewOf),
    );
  }

  /** For whoever operates the installation: the two whom it takes to agree to any further account. Errors: administrator_exists, login_taken. */
  createFirstAdministrator(
    context: AuditContext,
    person: Pick<CreateStaffDto, 'login' | 'displayName'>,
  ): Promise<CreatedStaffView> {
    return this.database.transaction(async (tx) => {
      if (await this.staff.hasTwoAdministrators(tx)) throw new AdministratorExists();
      const { kept, shown } = newActivation();
      const row = await this.staff.insert(tx, {
        login: person.login.toLowerCase(),
        displayName: person.displayName.trim(),
        role: 'administrator',
        ...kept,
      });
      if (!row) throw new LoginTaken();
      await this.audit.record(tx, context, {
        action: 'staff.created',
        subjectType: 'staff',
        subjectId: row.id,
        after: recordOf(row),
      });
      return { ...viewOf(row), ...shown };
    });
  }

  /**
   * Role, status, customer number, relatives, employer, team, mail and last day; all of them bite on the person's next request.
   * Errors: staff_not_found, own_account, customer_no_taken.
   */
  change(context: RequestContext, id: string, { relatives, lastDay, ...asked }: ChangeStaffDto): Promise<StaffView> {
    return this.database.transaction(async (tx) => {
      const before = await this.lockOther(tx, context, id);
      const change = {
        ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
        ...(lastDay === undefined ? {} : { lastDay: lastDay === null ? null : new Date(lastDay) }),
      };
      if (asked.customerNo && (await this.staff.customerNoTaken(tx, asked.customerNo, id))) throw new CustomerNoTaken();
      await this.staff.update(tx, id, change);
      if (relatives) await this.staff.replaceRelatives(tx, id, relatives);
      if (asked.status === 'disabled') await this.sessions.endAll(tx, id, 'disabled');
      const after = await this.lockOther(tx, context, id);
      await this.audit.record(tx, context, {
        action: 'staff.changed',
        subjectType: 'staff',
        subjectId: id,
        before: recordOf(before),
        after: recordOf(after),
      });
      return viewOf(after);
    });
  }

  /** Ends all sessions and the password, and makes a token with which the person chooses a new one. Errors: staff_not_found, own_account. */
  startReset(context: RequestContext, id: string): Promise<ActivationView> {
    return this.database.transaction(async (tx) => {
      const account = await this.lockOther(tx, context, id);
      const { kept, shown } = newActivation();
      await this.staff.reset(tx, account.id, kept);
      await this.sessions.endAll(tx, account.id, 'reset');
      await this.audit.record(tx, context, {
        action: 'staff.reset_started',
        subjectType: 'staff',
        subjectId: account.id,
      });
      return shown;
    });
  }

  /** Whoever may change accounts still needs a second person for their own. */
  private async lockOther(tx: Tx, context: AuditContext, id: string): Promise<StaffRow> {
    if (id === context.actor.id) throw new OwnAccount();
    const row = await this.staff.lock(tx, id);
    if (!row) throw new StaffNotFound();
    return row;
  }
}

/** What the trail keeps of an account: identifiers and states, not the person. */
function recordOf(row: StaffRow): Json {
  return {
    role: row.role,
    status: row.status,
    customerNo: row.customerNo,
    relatives: row.relatives.map((relative) => relative.customerNo),
    employer: row.employer,
    team: row.team,
    mailSha256: row.mail === null ? null : createHash('sha256').update(row.mail).digest('hex'),
    lastDay: dayOf(row.lastDay),
  };
}

function viewOf(row: StaffRow): StaffView {
  return {
    id: row.id,
    login: row.login,
    displayName: row.displayName,
    role: row.role,
    status: row.status,
    activated: row.passwordHash !== null,
    customerNo: row.customerNo,
    relatives: row.relatives,
    employer: row.employer,
    team: row.team,
    mail: row.mail,
    lastDay: dayOf(row.lastDay),
    createdAt: row.createdAt.toISOString(),
  };
}
