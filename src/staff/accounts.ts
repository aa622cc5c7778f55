import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ApprovalRequestView } from '../approval/approval.dto.js';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { CustomerNoTaken, LoginTaken, OidcSubjectTaken } from '../identity/identity.errors.js';
import { newSecretToken } from '../identity/secret-token.js';
import { StaffMails } from '../identity/staff-mails.js';
import type { CreateStaffDto } from '../identity/staff.dto.js';
import { Clock } from '../platform/clock/clock.js';
import { dayOf, jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import { isFormFault } from '../platform/http/form-fault.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { Json } from '../platform/json.js';
import { readAccountFile, type AccountRow } from './account-file.js';
import type { AskedAccountsView, AskedAccountView } from './account.dto.js';
import { AccountFileRefused, AccountRowsFaulty, AccountsTaken, type RowFault } from './account.errors.js';
import { EnrolmentCannotBeMailed } from './factor-reset.errors.js';
import { insertAgreedAccounts, insertRequest, listTaken } from './sql/accounts.sql.js';

const SUBJECT = 'staff_accounts';
const MAX_FILE_BYTES = 1024 * 1024;
const TAKEN_ERRORS = { login: LoginTaken, customer_no: CustomerNoTaken, oidc_subject: OidcSubjectTaken } as const;
const TAKEN = { en: 'belongs to another account', ja: '別のアカウントで使用済みです' };

/** New accounts: asked for by an administrator, one or a file of them, and made when another person agrees. */
@Injectable()
export class Accounts implements ApprovalSubject, OnModuleInit {
  readonly type = SUBJECT;
  readonly makerRoles = ['administrator'] as const;
  readonly checkerRoles = ['administrator', 'compliance'] as const;

  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly approvals: Approvals,
    private readonly mails: StaffMails,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  /**
   * Without a mail address the answer carries a one-time secret, so it is not kept for replay; the token works when the
   * account is agreed to. Errors: login_taken, customer_no_taken, oidc_subject_taken.
   */
  ask(context: RequestContext, account: CreateStaffDto): Promise<AskedAccountView> {
    return this.database.transaction(async (tx) => {
      const [taken] = await this.taken(tx, [{ line: 1, account }]);
      if (taken) throw new TAKEN_ERRORS[taken.column]();
      const activation = account.mail ? null : newSecretToken();
      const { requestId, approvalRequest } = await this.open(tx, context, [{ line: 1, account }], activation?.hash);
      const { staffId: id, login, role } = await tx.staffAccountRequestRow.findFirstOrThrow({ where: { requestId } });
      return { id, login, role, activationToken: activation?.token ?? null, approvalRequest };
    });
  }

  /** Errors: account_file_refused, account_rows_faulty, enrolment_cannot_be_mailed. */
  async askForFile(context: RequestContext, request: FastifyRequest): Promise<AskedAccountsView> {
    if (!this.mails.canSend) throw new EnrolmentCannotBeMailed();
    const bytes = await readFilePart(request);
    const { rows, faults } = readAccountFile(bytes, jstDate(this.clock.now()));
    // The key stands for this file: another one with the same key is another request.
    const requestHash = createHash('sha256').update(context.requestHash).update(bytes).digest('hex');
    return this.commands.run({ ...context, requestHash }, async (tx) => {
      const all = [...faults, ...(await this.taken(tx, rows))];
      if (all.length > 0) throw new AccountRowsFaulty(all.sort((a, b) => a.line - b.line));
      const { approvalRequest } = await this.open(tx, context, rows);
      return { accounts: rows.length, approvalRequest };
    });
  }

  async contentHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT staff_account_request_content_hash(id) AS hash FROM staff_account_request WHERE id = ${id}::uuid AND status = 'asked'`;
    return row?.hash ?? null;
  }

  /** Every account, as it will be: the second person answers for each. */
  async preview(tx: Tx, requestId: string): Promise<Json> {
    const rows = await tx.staffAccountRequestRow.findMany({ where: { requestId }, orderBy: { lineNo: 'asc' } });
    const accounts = rows.map(
      ({ login, displayName, role, employer, team, mail, lastDay, customerNo, oidcSubject }) => ({
        login,
        displayName,
        role,
        employer,
        team,
        mail,
        lastDay: dayOf(lastDay),
        customerNo,
        oidcSubject,
      }),
    );
    return { count: rows.length, accounts };
  }

  /** Errors: accounts_taken. */
  async takeEffect(tx: Tx, context: RequestContext, { id, subjectId }: ApprovalRequest): Promise<Json> {
    await this.close(tx, subjectId, 'done');
    const made = await insertAgreedAccounts(tx, subjectId);
    const asked = await tx.staffAccountRequestRow.count({ where: { requestId: subjectId } });
    if (made.length !== asked) throw new AccountsTaken();
    for (const { id: staffId, role, hasMail } of made) {
      if (hasMail) await this.mails.leave(tx, staffId, 'enrolment');
      await this.audit.record(tx, context, {
        action: 'staff.created',
        subjectType: 'staff',
        subjectId: staffId,
        after: { role, approvalRequestId: id },
      });
    }
    return { accounts: made.length };
  }

  async refused(tx: Tx, _context: RequestContext, { subjectId }: ApprovalRequest): Promise<void> {
    await this.close(tx, subjectId, 'refused');
  }

  async lapsed(tx: Tx, { subjectId }: ApprovalRequest): Promise<void> {
    await this.close(tx, subjectId, 'lapsed');
  }

  private async open(
    tx: Tx,
    context: RequestContext,
    rows: readonly AccountRow[],
    activationHash: string | null = null,
  ): Promise<{ requestId: string; approvalRequest: ApprovalRequestView }> {
    const requestId = await insertRequest(tx, context.actor.id);
    const data = rows.map(({ line, account }) => ({
      requestId,
      lineNo: line,
      login: account.login.toLowerCase(),
      displayName: account.displayName.trim(),
      role: account.role,
      customerNo: account.customerNo ?? null,
      employer: account.employer ?? null,
      team: account.team ?? null,
      mail: account.mail ?? null,
      lastDay: account.lastDay ? new Date(account.lastDay) : null,
      oidcSubject: account.oidcSubject ?? null,
      activationHash,
    }));
    await tx.staffAccountRequestRow.createMany({ data });
    const contentHash = (await this.contentHash(tx, requestId)) ?? '';
    const namedCustomerNos = data.flatMap(({ customerNo }) => customerNo ?? []);
    const ask = { subjectType: SUBJECT, subjectId: requestId, contentHash, amountJpy: null, namedCustomerNos };
    return { requestId, approvalRequest: await this.approvals.open(tx, context, ask) };
  }

  private async taken(
    tx: Tx,
    rows: readonly AccountRow[],
  ): Promise<(RowFault & { column: keyof typeof TAKEN_ERRORS })[]> {
    const known = await listTaken(tx, {
      logins: rows.map(({ account }) => account.login.toLowerCase()),
      customerNos: rows.flatMap(({ account }) => account.customerNo ?? []),
      oidcSubjects: rows.flatMap(({ account }) => account.oidcSubject ?? []),
    });
    return rows.flatMap(({ line, account: { login, customerNo, oidcSubject } }) => {
      const columns = [
        ...(known.logins.includes(login.toLowerCase()) ? (['login'] as const) : []),
        ...(customerNo && known.customerNos.includes(customerNo) ? (['customer_no'] as const) : []),
        ...(oidcSubject && known.oidcSubjects.includes(oidcSubject) ? (['oidc_subject'] as const) : []),
      ];
      return columns.map((column) => ({ line, column, code: `${column}_taken`, reason: TAKEN }));
    });
  }

  private async close(tx: Tx, id: string, status: 'done' | 'refused' | 'lapsed'): Promise<void> {
    await tx.staffAccountRequest.update({ where: { id, status: 'asked' }, data: { status }, select: { id: true } });
  }
}

/** The whole part `file`. Errors: account_file_refused; that of a file which is too large. */
async function readFilePart(request: FastifyRequest): Promise<Buffer> {
  try {
    const part = request.isMultipart() ? await request.file({ limits: { fileSize: MAX_FILE_BYTES } }) : undefined;
    if (part?.fieldname !== 'file')
      throw new AccountFileRefused('There is no part `file`.', 'パート file がありません。');
    return await part.toBuffer();
  } catch (error) {
    if (!isFormFault(error)) throw error;
    throw new AccountFileRefused('The upload is no whole form.', 'アップロードが途中で終わっています。');
  }
}
