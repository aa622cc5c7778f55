import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { TokensView } from '../identity/auth.dto.js';
import { CustomerCodes } from '../identity/customer-codes.js';
import type { CustomerOrigin } from '../identity/customer-origin.js';
import { CustomerSessions } from '../identity/customer-sessions.js';
import { CodeRefused, MailSignInNotOffered } from '../identity/customer-sign-in.errors.js';
import { CustomerThrottle } from '../identity/customer-throttle.js';
import { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { MailRefused } from '../platform/mail/mail.errors.js';
import { Mailer } from '../platform/mail/mailer.js';
import { codeMail, sharedAddressMail } from './code-mail.js';
import type { AskedCodeView, AskCodeDto, SpendCodeDto } from './sign-in.dto.js';
import { findCodeOwner } from './sql/find-code-owner.sql.js';

const MAIL_CODE_JOB = 'mail-customer-code';
const CODE_SECONDS = 600;

/** Signing in by a code sent to the address on record. */
@Injectable()
export class CodeSignIn implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly throttle: CustomerThrottle,
    private readonly codes: CustomerCodes,
    private readonly sessions: CustomerSessions,
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
  ) {}

  onModuleInit(): void {
    this.jobs.register(MAIL_CODE_JOB, (payload) => this.mail((payload as { codeId: string }).codeId));
  }

  /**
   * Has a code mailed if exactly one customer has the address. Answer and work are the same if nobody has it: the same
   * statements, and a job either way. Errors: mail_sign_in_not_offered, too_many_sign_ins.
   */
  async ask(ip: string, { email, customerNo }: AskCodeDto): Promise<AskedCodeView> {
    if (this.config.smtpUrl === null) throw new MailSignInNotOffered();
    await this.throttle.admitCode(email.toLowerCase(), ip);
    const codeId = await this.database.transaction(async (tx) => {
      const id = await this.codes.open(tx, await findCodeOwner(tx, email, customerNo ?? null));
      await this.jobs.add(tx, MAIL_CODE_JOB, { codeId: id });
      return id;
    });
    return { codeId, expiresInSeconds: CODE_SECONDS };
  }

  /** Errors: code_refused, too_many_sign_ins. */
  async signIn(origin: CustomerOrigin, { codeId, code }: SpendCodeDto): Promise<TokensView> {
    await this.throttle.admitTry(origin.address);
    const tokens = await this.database.transaction(async (tx) => {
      const holderId = await this.codes.spend(tx, codeId, code);
      return holderId === null ? null : this.sessions.open(tx, origin, holderId, 'code');
    });
    if (!tokens) throw new CodeRefused();
    return tokens;
  }

  /**
   * The code is made just before it is sent, so that it stands in no queue; run again, the job makes another, and only
   * the newest works. What a server refuses for good is not tried again.
   */
  private async mail(codeId: string): Promise<void> {
    const question = await this.database.transaction(async (tx) => {
      const row = await tx.customerCode.findUnique({
        where: { id: codeId },
        select: { shared: true, holder: { select: { email: true } } },
      });
      return row?.holder?.email
        ? { to: row.holder.email, shared: row.shared, code: await this.codes.make(tx, codeId) }
        : null;
    });
    if (!question || (question.code === null && !question.shared)) return;
    const content = question.code === null ? sharedAddressMail() : codeMail(question.code);
    try {
      await this.mailer.send({ messageId: `<${randomUUID()}@mail.henkin>`, to: question.to, ...content });
    } catch (error) {
      if (!(error instanceof MailRefused && error.permanent)) throw error;
    }
  }
}
