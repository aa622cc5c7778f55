import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Holders } from '../holder/holders.js';
import { Clock } from '../platform/clock/clock.js';
import { jstDate } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { MessageNotFound, TooManyMessages } from './customer-message.errors.js';
import type { CustomerMessageView } from './customer-message.dto.js';
import { WorkItems } from './work-items.js';

/** The database holds the same limit. */
const MOST_PER_DAY = 5;

export interface ReceivedMessage {
  readonly id: bigint;
  readonly receivedAt: Date;
}

/** What customers write, on its way to somebody who reads it. */
@Injectable()
export class CustomerMessages {
  constructor(
    private readonly database: Database,
    private readonly work: WorkItems,
    private readonly holders: Holders,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Errors: too_many_messages. The trail says that a message came, never what it says. */
  async receive(tx: Tx, context: RequestContext, holderId: bigint, text: string): Promise<ReceivedMessage> {
    if ((await this.countOfDay(tx, holderId)) >= MOST_PER_DAY) throw new TooManyMessages(MOST_PER_DAY);
    const message = await tx.customerMessage.create({
      data: { holderId, text },
      select: { id: true, receivedAt: true },
    });
    const subject = { subjectType: 'customer_message', subjectId: message.id.toString() };
    await this.audit.record(tx, context, { action: 'customer_message.received', ...subject });
    const dueOn = jstDate(this.clock.now());
    await this.work.open(tx, context, { kind: 'customer_message', holderId, ...subject, dueOn });
    return message;
  }

  /** Errors: customer_message_not_found, also for one's own and a relative's. */
  show({ actor }: RequestContext, id: bigint): Promise<CustomerMessageView> {
    return this.database.consistentRead(async (tx) => {
      const row = await tx.customerMessage.findUnique({
        where: { id },
        include: { holder: { select: { customerNo: true } } },
      });
      if (!row || (await this.holders.isOwn(tx, actor, row.holder.customerNo))) throw new MessageNotFound();
      const { text, receivedAt, holder } = row;
      return { id: id.toString(), customerNo: holder.customerNo, text, receivedAt: receivedAt.toISOString() };
    });
  }

  /** Parallel messages of one customer take turns, so that each sees those before it. */
  private async countOfDay(tx: Tx, holderId: bigint): Promise<number> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('customer_message:' || ${holderId}::bigint, 0))::text`;
    const [row] = await tx.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM customer_message WHERE holder_id = ${holderId} AND received_at > now() - interval '24 hours'`;
    return Number(row?.count ?? 0n);
  }
}
