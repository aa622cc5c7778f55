import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Holders } from '../holder/holders.js';
import { RepresentativeNotInForce } from '../holder/representative.errors.js';
import { isInForce, Representatives } from '../holder/representatives.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Actor, RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { decodeBigintCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import type { CloseContactDto, OpenContactDto } from './contact.dto.js';
import { ContactNotFound, ContactOfAnotherAgent, ContactOver, RepresentativeDoesNotFit } from './contact.errors.js';
import { ContactRepository, type ContactRow } from './contact.repository.js';
import type { ContactView, OpenedContactView } from './contact.views.js';
import { colleagueViews, contactView } from './present-contact.js';
import { readOpenContacts } from './sql/read-open-contacts.sql.js';

const REPRESENTING: readonly string[] = ['representative', 'heir', 'lawyer'];

/** Calls and mails: opened by an agent, seen by others who look at the same holder, closed with topic and outcome. */
@Injectable()
export class Contacts {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactRepository,
    private readonly holders: Holders,
    private readonly representatives: Representatives,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Says who else is on this holder. Errors: holder_not_found (also one's own and a relative's), representative_does_not_fit, representative_not_in_force. */
  open(context: RequestContext, asked: OpenContactDto): Promise<OpenedContactView> {
    const { channel, direction, caller, customerNo } = asked;
    return this.database.transaction(async (tx) => {
      const holder = customerNo === undefined ? null : await this.holders.ofOthers(tx, context.actor, customerNo);
      const row = await this.contacts.insert(tx, {
        channel,
        direction,
        caller,
        holderId: holder?.id ?? null,
        representativeId: await this.representativeOf(tx, holder?.id ?? null, asked),
        staffId: context.actor.id,
      });
      await this.record(tx, context, row, 'contact.opened', { channel, direction, caller });
      const open = holder ? await readOpenContacts(tx, holder.id, context.actor) : [];
      return { ...contactView(row), alsoHere: colleagueViews(open) };
    });
  }

  /** By whoever has it, also when its time is over. Errors: contact_not_found, contact_of_another_agent, contact_over. */
  close(context: RequestContext, id: bigint, { topic, outcome }: CloseContactDto): Promise<ContactView> {
    return this.database.transaction(async (tx) => {
      const row = await this.ofAgent(tx, context.actor, id);
      await tx.contact.update({ where: { id }, data: { topic, outcome }, select: { id: true } });
      await this.record(tx, context, row, 'contact.closed', { topic, outcome });
      return contactView(await this.seen(tx, context.actor, id));
    });
  }

  /** Errors: contact_not_found. */
  show(actor: Actor, id: bigint): Promise<ContactView> {
    return this.database.consistentRead(async (tx) => contactView(await this.seen(tx, actor, id)));
  }

  /** Newest first. Errors: holder_not_found, cursor_invalid. */
  list(actor: Actor, customerNo: string, { limit, cursor }: PageQuery): Promise<Page<ContactView>> {
    const before = decodeBigintCursor(cursor);
    return this.database.consistentRead(async (tx) => {
      const holder = await this.holders.ofOthers(tx, actor, customerNo);
      const rows = await this.contacts.ofHolder(tx, holder.id, actor.role, limit, before);
      return toPage(rows, limit, (row) => row.id.toString(), contactView);
    });
  }

  /** A contact as this person may see it. Errors: contact_not_found. */
  async seen(tx: Tx, actor: Actor, id: bigint): Promise<ContactRow> {
    return this.visible(tx, actor, await this.contacts.find(tx, id));
  }

  /** The contact of the one who acts, not closed, locked. Errors: contact_not_found, contact_of_another_agent, contact_over. */
  async ofAgent(tx: Tx, actor: Actor, id: bigint): Promise<ContactRow> {
    const row = await this.visible(tx, actor, await this.contacts.lock(tx, id));
    if (row.staffId !== actor.id) throw new ContactOfAnotherAgent();
    if (row.closedAt !== null) throw new ContactOver();
    return row;
  }

  /** What compliance does is on record for compliance alone. */
  record(
    tx: Tx,
    context: RequestContext,
    row: ContactRow,
    action: string,
    after: { [key: string]: Json },
  ): Promise<void> {
    return this.audit.record(tx, context, {
      action,
      subjectType: 'contact',
      subjectId: row.id.toString(),
      after: { holderId: row.holderId?.toString() ?? null, ...after },
      confidential: row.confidential,
    });
  }

  private async visible(tx: Tx, actor: Actor, row: ContactRow | null): Promise<ContactRow> {
    const hidden =
      !row ||
      (row.confidential && actor.role !== 'compliance') ||
      (row.holder !== null && (await this.holders.isOwn(tx, actor, row.holder.customerNo)));
    if (hidden) throw new ContactNotFound();
    return row;
  }

  private async representativeOf(
    tx: Tx,
    holderId: bigint | null,
    { caller, representativeId }: OpenContactDto,
  ): Promise<bigint | null> {
    if (representativeId === undefined) return null;
    const row = await this.representatives.find(tx, BigInt(representativeId));
    if (!row || row.holderId !== holderId || !REPRESENTING.includes(caller)) throw new RepresentativeDoesNotFit();
    if (!isInForce(row, this.clock.now())) throw new RepresentativeNotInForce();
    return row.id;
  }
}
