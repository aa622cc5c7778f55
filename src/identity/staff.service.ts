import { Injectable } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { decodeUuidCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { AdministratorExists, LoginTaken } from './identity.errors.js';
import { newActivation } from './activation.js';
import { recordOf, viewOf } from './present-staff.js';
import type { CreatedStaffView, CreateStaffDto, StaffView } from './staff.dto.js';
import { StaffRepository } from './staff.repository.js';

/** Accounts of staff: who there is, and the two with whom an installation begins. */
@Injectable()
export class StaffService {
  constructor(
    private readonly database: Database,
    private readonly staff: StaffRepository,
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
}
