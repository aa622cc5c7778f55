import { Injectable } from '@nestjs/common';
import { Audit, type AuditContext } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import type { ChangeContactDto, ContactChangeView } from './contact-change.dto.js';
import { ContactUnchanged } from './contact-change.errors.js';
import { ContactNotices } from './contact-notices.js';
import { Holders, type HolderRow } from './holders.js';
import { emailKey, phoneKey } from './search-key.js';
import { nameContactOrigin } from './sql/name-contact-origin.sql.js';

/**
 * Changes of how a holder is reached and signs in. The database records each of them, holds what is not credited yet and
 * leaves word for the former and the present address; here is only what else has to follow.
 */
@Injectable()
export class ContactChanges {
  constructor(
    private readonly commands: Commands,
    private readonly holders: Holders,
    private readonly notices: ContactNotices,
    private readonly audit: Audit,
  ) {}

  /** Errors: holder_not_found (also for one's own record and a relative's), contact_unchanged. */
  change(context: RequestContext, customerNo: string, asked: ChangeContactDto): Promise<ContactChangeView> {
    return this.commands.run(context, async (tx) => {
      await tx.$queryRaw`SELECT FROM holder WHERE customer_no = ${customerNo} FOR NO KEY UPDATE`;
      const holder = await this.holders.ofOthers(tx, context.actor, customerNo);
      const given = (['email', 'phone'] as const).flatMap((field) => {
        const value = asked[field];
        return value === undefined || value === holder[field] ? [] : [{ field, value }];
      });
      if (given.length === 0) throw new ContactUnchanged();
      await nameContactOrigin(tx, `staff:${context.actor.id}`);
      await this.write(tx, holder, Object.fromEntries(given.map(({ field, value }) => [field, value])));
      const changed = given.map(({ field }) => field);
      const { reason, reference } = asked;
      await this.record(tx, context, holder.id, { changed, reason, reference });
      return { customerNo, changed, frozen: !(await this.isVerified(tx, holder.id)) };
    });
  }

  /** Remembers whom the identity provider calls this customer; another than before is a changed sign-in. `from` names nobody. */
  async linkSignIn(tx: Tx, context: AuditContext, holderId: bigint, oidcSubject: string, from: string): Promise<void> {
    await nameContactOrigin(tx, `sign_in:${from}`);
    const { count } = await tx.holder.updateMany({
      where: { id: holderId, OR: [{ oidcSubject: null }, { NOT: { oidcSubject } }] },
      data: { oidcSubject },
    });
    if (count > 0) await this.record(tx, context, holderId, { changed: ['sign_in'] });
  }

  async isVerified(tx: Tx, holderId: bigint): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ verified: boolean }[]>`SELECT contact_is_verified(${holderId}) AS verified`;
    return row?.verified ?? false;
  }

  private async write(tx: Tx, holder: HolderRow, data: { email?: string; phone?: string }): Promise<void> {
    await tx.holder.update({ where: { id: holder.id }, data, select: { id: true } });
    await tx.holderSearchKey.updateMany({
      where: { holderId: holder.id },
      data: {
        ...(data.email === undefined ? {} : { emailKey: emailKey(data.email) }),
        ...(data.phone === undefined ? {} : { phoneKey: phoneKey(data.phone) }),
      },
    });
  }

  private async record(
    tx: Tx,
    context: AuditContext,
    holderId: bigint,
    facts: { changed: string[]; reason?: string; reference?: string },
  ): Promise<void> {
    await this.audit.record(tx, context, {
      action: 'holder.contact_changed',
      subjectType: 'holder',
      subjectId: holderId.toString(),
      after: facts,
    });
    await this.notices.sendSoon(tx);
  }
}
