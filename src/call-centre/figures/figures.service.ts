import { Injectable } from '@nestjs/common';
import { CLAIM_STATES } from '../../claim/claim.state.js';
import { kindsListedFor } from '../../contact/work-item-kinds.js';
import { silentSince } from '../../contact/work-item.state.js';
import { Clock } from '../../platform/clock/clock.js';
import { jstDate } from '../../platform/clock/jst.js';
import { Database } from '../../platform/database/database.js';
import type { Actor } from '../../platform/http/request-context.js';
import { Remembered } from '../../platform/remembered.js';
import { REASONS } from '../why-not-credited-texts.js';
import { TOPIC_FIGURES, type CallCentreFiguresView, type HoldFigureView } from './figures.views.js';
import {
  COUNT_CLAIMS,
  COUNT_HELD,
  countQueue,
  countTopics,
  type ClaimCount,
  type HeldClaims,
  type QueueCount,
  type TopicCount,
} from './sql/read-figures.sql.js';

const REMEMBERED_MS = 10_000;

interface Counted {
  readonly asOf: Date;
  readonly claims: readonly ClaimCount[];
  readonly held: HeldClaims;
  readonly queue: readonly QueueCount[];
  readonly topics: readonly TopicCount[];
}

/** How the day goes, for team leads. However many ask, each process counts once in ten seconds. */
@Injectable()
export class CallCentreFigures {
  private readonly counted: Remembered<Counted>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.counted = new Remembered(clock, REMEMBERED_MS, () => this.count());
  }

  async show({ role }: Actor): Promise<CallCentreFiguresView> {
    const { asOf, claims, held, queue, topics } = await this.counted.get();
    const kinds = kindsListedFor(role);
    return {
      asOf: asOf.toISOString(),
      day: jstDate(asOf),
      topics: TOPIC_FIGURES.map((topic) => {
        const found = topics.find((row) => row.topic === topic);
        return {
          topic,
          calls: (found?.calls ?? 0n).toString(),
          mails: (found?.mails ?? 0n).toString(),
          complaints: (found?.complaints ?? 0n).toString(),
          notes: (found?.notes ?? 0n).toString(),
        };
      }),
      claims: CLAIM_STATES.map((state) => ({
        state,
        claims: (claims.find(({ status }) => status === state)?.count ?? 0n).toString(),
      })),
      holds: holdsFor(role, held),
      queue: kinds.map((kind) => {
        const found = queue.find((row) => row.kind === kind);
        return {
          kind,
          waiting: (found?.waiting ?? 0n).toString(),
          due: (found?.due ?? 0n).toString(),
          inHand: (found?.inHand ?? 0n).toString(),
          oldestSeconds: found?.oldestSeconds ?? null,
        };
      }),
    };
  }

  private count(): Promise<Counted> {
    return this.database.consistentRead(async (tx) => {
      const asOf = this.clock.now();
      const claims = await tx.$queryRaw<ClaimCount[]>(COUNT_CLAIMS);
      const [held] = await tx.$queryRaw<[HeldClaims]>(COUNT_HELD);
      const queue = await tx.$queryRaw<QueueCount[]>(countQueue(silentSince(asOf), asOf));
      const topics = await tx.$queryRaw<TopicCount[]>(countTopics(jstDate(asOf)));
      return { asOf, claims, held, queue, topics };
    });
  }
}

/** As each role reads the reasons on a holder's page: who cannot verify contacts does not hear of them. */
function holdsFor(role: string, { contactChanged, otherwise }: HeldClaims): HoldFigureView[] {
  const solvesContacts = REASONS.contact_changed.solvedBy.some((solver) => solver === role);
  if (!solvesContacts) return [{ reason: 'under_review', claims: (contactChanged + otherwise).toString() }];
  return [
    { reason: 'under_review', claims: otherwise.toString() },
    { reason: 'contact_changed', claims: contactChanged.toString() },
  ];
}
