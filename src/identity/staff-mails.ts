import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import type { StaffMailKind } from '../platform/database/prisma.js';
import type { OutgoingMail } from '../platform/mail/mailer.js';
import { Outboxes, type DueMail } from '../platform/mail/outboxes.js';
import { newActivation } from './activation.js';
import { enrolmentMail, newsMail } from './staff-mail-text.js';
import { StaffRepository } from './staff.repository.js';

const SEND_JOB = 'send-staff-mails';
interface TakenMail {
  readonly id: bigint;
  readonly staffId: string;
  readonly kind: StaffMailKind;
  readonly device: string | null;
  readonly fromAddress: string | null;
  readonly writtenAt: Date;
  readonly address: string;
  readonly messageId: string;
  readonly lastTry: boolean;
}

/** Null: it is of no use any more. */
type Written = Pick<OutgoingMail, 'subject' | 'text'> | null;

/**
 * Mails to members of staff about their own account. They are left in the transaction of what they tell of, and sent
 * afterwards.
 */
@Injectable()
export class StaffMails implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly staff: StaffRepository,
    private readonly outboxes: Outboxes,
  ) {}

  onModuleInit(): void {
    this.outboxes.register(SEND_JOB, {
      take: (tx) => this.take(tx),
      settle: (tx, id, outcome) =>
        tx.staffMail.updateMany({
          where: { id, status: 'due' },
          data: { status: outcome, address: null, device: null, fromAddress: null },
        }),
    });
  }

  /** Can a mail reach anybody? */
  get canSend(): boolean {
    return this.config.smtpUrl !== null;
  }

  /** For the address that the account has now; does nothing where it has none. */
  async leave(
    tx: Tx,
    staffId: string,
    kind: StaffMailKind,
    from?: { readonly device: string; readonly address: string },
  ): Promise<void> {
    const left = await tx.$executeRaw`
      INSERT INTO staff_mail (staff_id, kind, address, device, from_address)
      SELECT id, ${kind}::staff_mail_kind, mail, ${from?.device ?? null}, ${from?.address ?? null}::inet FROM staff WHERE id = ${staffId}::uuid AND mail IS NOT NULL`;
    if (left > 0) await this.outboxes.sendSoon(tx, SEND_JOB);
  }

  private async take(tx: Tx): Promise<DueMail | null> {
    const taken = await this.takeNext(tx);
    if (!taken) return null;
    const { id, messageId, address, lastTry } = taken;
    const written = await this.write(tx, taken);
    return { id, lastTry, mail: written && { messageId, to: address, ...written } };
  }

  /** Put off to its next try at once, so that nobody else takes it meanwhile: after 2, 8, 32 and 128 minutes. */
  private async takeNext(tx: Tx): Promise<TakenMail | null> {
    const [mail] = await tx.$queryRaw<TakenMail[]>`
      UPDATE staff_mail SET attempts = attempts + 1, next_try_at = now() + interval '2 minutes' * 4 ^ attempts
      WHERE id = (SELECT id FROM staff_mail WHERE status = 'due' AND next_try_at <= now() ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, staff_id AS "staffId", kind::text AS kind, address, device, host(from_address) AS "fromAddress", written_at AS "writtenAt", message_id AS "messageId", attempts >= 5 AS "lastTry"`;
    return mail ?? null;
  }

  /** The token of an enrolment is made now and kept nowhere but in the mail; a further try makes another. */
  private async write(tx: Tx, { staffId, kind, device, fromAddress, writtenAt }: TakenMail): Promise<Written> {
    if (kind !== 'enrolment') return newsMail(kind, writtenAt, device ?? '', fromAddress ?? '');
    const person = await this.staff.lock(tx, staffId);
    if (!person || person.passwordHash !== null) return null;
    const { kept, shown } = newActivation();
    await this.staff.reset(tx, staffId, kept);
    return enrolmentMail(shown, this.config.webauthnOrigin);
  }
}
