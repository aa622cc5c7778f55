import { Injectable } from '@nestjs/common';
import type { HolderRow } from '../holder/holders.js';
import { Clock } from '../platform/clock/clock.js';
import { dayOf, jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Actor, RequestContext } from '../platform/http/request-context.js';
import {
  checkState,
  compare,
  countSaid,
  hasPassed,
  MOST_FAILED_PER_CONTACT,
  MOST_FAILED_PER_HOLDER_AND_DAY,
  MOST_PER_AGENT_AND_HOUR,
  type Matches,
} from './caller-check.state.js';
import type { CallerCheckDto } from './contact.dto.js';
import {
  CallerCheckLocked,
  CallerCheckPassed,
  CallerCheckThrottled,
  CallerCheckTooLittle,
  CallerNotEntitled,
  ContactOver,
} from './contact.errors.js';
import type { ContactRow } from './contact.repository.js';
import type { CallerCheckView } from './contact.views.js';
import { Contacts } from './contacts.js';
import { WorkItems } from './work-items.js';

const HOUR_SECONDS = 3_600;

/**
 * Is the caller who they say? What they said is compared and forgotten; the answer says per field whether it agrees and never
 * what is stored. Two that agree open the person for this contact and its agent, until it ends. The guards of the database
 * hold the same limits, under the same locks.
 */
@Injectable()
export class CallerChecks {
  constructor(
    private readonly database: Database,
    private readonly contacts: Contacts,
    private readonly workItems: WorkItems,
    private readonly clock: Clock,
  ) {}

  /**
   * Errors: caller_check_too_little, contact_not_found, contact_of_another_agent, contact_over, caller_not_entitled,
   * caller_check_passed, caller_check_locked, caller_check_throttled.
   */
  check(context: RequestContext, contactId: bigint, said: CallerCheckDto): Promise<CallerCheckView> {
    if (countSaid({ ...said }) < 2) throw new CallerCheckTooLittle();
    return this.database.transaction(async (tx) => {
      const contact = await this.contacts.ofAgent(tx, context.actor, contactId);
      if (contact.expiresAt <= this.clock.now()) throw new ContactOver();
      if (!contact.holder) throw new CallerNotEntitled();
      await this.takeTurns(tx, context.actor, contact.holder);
      await this.assertMayTry(tx, context.actor, contact, contact.holder);
      const matches = compare({ ...said }, storedOf(contact.holder));
      await this.insert(tx, context.actor, contact, contact.holder, matches);
      const passed = hasPassed(matches);
      await this.contacts.record(tx, context, contact, passed ? 'caller_check.passed' : 'caller_check.failed', {
        compared: Object.entries(matches).flatMap(([field, match]) => (match === null ? [] : [field])),
      });
      const state = checkState(await tx.callerCheck.findMany({ where: { contactId }, select: { passed: true } }));
      if (state.locked) await this.warn(tx, context, contact, contact.holder);
      return { ...state, matches: { ...matches }, remaining: passed ? 0 : MOST_FAILED_PER_CONTACT - state.failed };
    });
  }

  /** Checks of one person, and about one holder, one after the other, so that each sees those before it. */
  private async takeTurns(tx: Tx, actor: Actor, holder: HolderRow): Promise<void> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('caller_check_by:' || ${actor.id}, 0))::text`;
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('caller_check_of:' || ${holder.id}::bigint, 0))::text`;
  }

  private async assertMayTry(tx: Tx, actor: Actor, contact: ContactRow, holder: HolderRow): Promise<void> {
    const [row] = await tx.$queryRaw<{ entitled: boolean; failed: bigint; ofHolder: bigint; byAgent: bigint }[]>`
      SELECT caller_may_be_told(c) AS entitled,
        (SELECT count(*) FROM caller_check WHERE holder_id = ${holder.id} AND NOT passed AND checked_at > now() - interval '1 day') AS "ofHolder",
        (SELECT count(*) FROM caller_check WHERE staff_id = ${actor.id}::uuid AND checked_at > now() - interval '1 hour') AS "byAgent"
      FROM contact c WHERE c.id = ${contact.id}`;
    const checks = await tx.callerCheck.findMany({ where: { contactId: contact.id }, select: { passed: true } });
    if (!row?.entitled) throw new CallerNotEntitled();
    const { passed, locked } = checkState(checks);
    if (passed) throw new CallerCheckPassed();
    if (locked) throw new CallerCheckLocked();
    if (row.ofHolder >= MOST_FAILED_PER_HOLDER_AND_DAY || row.byAgent >= MOST_PER_AGENT_AND_HOUR)
      throw new CallerCheckThrottled(HOUR_SECONDS);
  }

  /** Somebody may be trying to be this holder: a team lead looks into it. */
  private async warn(tx: Tx, context: RequestContext, contact: ContactRow, holder: HolderRow): Promise<void> {
    if (contact.confidential) return;
    await this.workItems.open(tx, context, {
      kind: 'caller_check_locked',
      holderId: holder.id,
      subjectType: 'contact',
      subjectId: contact.id.toString(),
      dueOn: jstDate(this.clock.now()),
    });
  }

  private async insert(tx: Tx, actor: Actor, contact: ContactRow, holder: HolderRow, matches: Matches): Promise<void> {
    await tx.callerCheck.create({
      data: {
        contactId: contact.id,
        holderId: holder.id,
        staffId: actor.id,
        birthDateMatches: matches.birthDate,
        phoneMatches: matches.phone,
        emailMatches: matches.email,
      },
      select: { id: true },
    });
  }
}

function storedOf({ birthDate, phone, email }: HolderRow) {
  return { birthDate: dayOf(birthDate), phone, email };
}
