import { Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Audit } from '../audit/audit.js';
import { Holders } from '../holder/holders.js';
import { dayOf } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Metrics } from '../platform/observability/metrics.js';
import { RevealCapReached } from './call-centre.errors.js';
import type { RevealDto, RevealedView } from './reveal.dto.js';

/** The database holds the same cap. */
const MOST_PER_HOUR = 60;
/** So many holders one after the other are nobody's calls. */
const WALKING_STEPS = 5;

/** The exception: personal fields in the clear, with a reason, counted, and on record before they are shown. */
@Injectable()
export class Reveals {
  private readonly logger = new Logger('Reveal');
  private readonly walking: Counter;

  constructor(
    private readonly database: Database,
    private readonly holders: Holders,
    private readonly audit: Audit,
    metrics: Metrics,
  ) {
    this.walking = new Counter({
      name: 'henkin_reveal_walking_total',
      help: 'Reveals by which somebody went through customers one after the other',
      registers: [metrics.registry],
    });
  }

  /** Errors: holder_not_found (also one's own and a relative's), reveal_cap_reached. Not kept for replay: it is personal. */
  reveal(context: RequestContext, customerNo: string, { fields, reason, reference }: RevealDto): Promise<RevealedView> {
    const { actor } = context;
    return this.database.transaction(async (tx) => {
      const holder = await this.holders.ofOthers(tx, actor, customerNo);
      const before = await this.countThisHour(tx, actor.id);
      if (before >= MOST_PER_HOUR) throw new RevealCapReached(MOST_PER_HOUR);
      await tx.reveal.create({
        data: { holderId: holder.id, staffId: actor.id, fields, reason, reference },
        select: { id: true },
      });
      const after = { fields, reason, reference };
      const subject = { subjectType: 'holder', subjectId: holder.id.toString() };
      await this.audit.record(tx, context, { action: 'holder.revealed', ...subject, after });
      if (await this.isWalking(tx, actor.id)) {
        this.walking.inc();
        this.logger.error(
          { actorId: actor.id, requestId: context.requestId },
          'customers revealed one after the other',
        );
        await this.audit.record(tx, context, { action: 'holder.walked', ...subject, after: { steps: WALKING_STEPS } });
      }
      const clear = { ...holder, birthDate: dayOf(holder.birthDate) };
      return {
        ...Object.fromEntries(fields.map((field) => [field, clear[field]])),
        remainingThisHour: MOST_PER_HOUR - before - 1,
      };
    });
  }

  /** Parallel reveals of one person take turns, so that each sees those before it. */
  private async countThisHour(tx: Tx, staffId: string): Promise<number> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('reveal:' || ${staffId}, 0))::text`;
    const [row] = await tx.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM reveal WHERE staff_id = ${staffId}::uuid AND revealed_at >= now() - interval '1 hour'`;
    return Number(row?.count ?? 0n);
  }

  /** Were the newest reveals of this person neighbours, in whichever direction? */
  private async isWalking(tx: Tx, staffId: string): Promise<boolean> {
    const rows = await tx.reveal.findMany({
      where: { staffId },
      orderBy: [{ revealedAt: 'desc' }, { id: 'desc' }],
      take: WALKING_STEPS,
      select: { holderId: true },
    });
    const steps = rows.slice(1).map(({ holderId }, index) => (rows[index]?.holderId ?? 0n) - holderId);
    return steps.length === WALKING_STEPS - 1 && [1n, -1n].some((step) => steps.every((made) => made === step));
  }
}
