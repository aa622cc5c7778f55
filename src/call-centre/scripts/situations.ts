import type { ContactCaller } from '../../platform/database/prisma.js';
import { WHY_NOT_CREDITED } from '../why-not-credited.js';

/** Who is on the phone, one for each of those that a contact is opened with. */
export const CALLER_SITUATIONS = [
  'caller_self',
  'caller_representative',
  'caller_heir',
  'caller_lawyer',
  'caller_press',
  'caller_police',
  'caller_other',
] as const satisfies readonly `caller_${ContactCaller}`[];

/** What may come up in any call; each of these scripts says to whom the agent hands over. */
export const TOPIC_SITUATIONS = [
  'topic_threat',
  'topic_distress',
  'topic_press',
  'topic_police',
  'topic_lawyer',
] as const;

/** Every situation that an agent may be in, in the order of a menu. There is at most one script in use for each. */
export const SITUATIONS = [
  ...WHY_NOT_CREDITED,
  'credited',
  'withdrawal_restricted',
  'no_claim',
  ...CALLER_SITUATIONS,
  ...TOPIC_SITUATIONS,
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** What of a holder's page tells which scripts fit. */
export interface PageAtHand {
  readonly claims: readonly {
    readonly status: string;
    readonly whyNotCredited: readonly { readonly code: Situation }[];
  }[];
  readonly withdrawalRestriction: string | null;
  /** The contact that the reader has open about this holder. */
  readonly call: CallAtHand | null;
}

interface CallAtHand {
  readonly caller: ContactCaller;
  /** Empty before the caller has passed the check, and for ever if they are no one who may be told anything. */
  readonly mayBeTold: readonly string[];
}

/** Is somebody listening who may be told what is on this page? */
export function isOpenTo(call: CallAtHand | null): boolean {
  return call !== null && call.mayBeTold.length > 0;
}

/**
 * The situations of a page: who calls, then what there is to say, and what may come up in any call. While the
 * caller may not be told anything, there is nothing to say about the holder.
 */
export function situationsOf(page: PageAtHand): Situation[] {
  const { call } = page;
  return [
    ...new Set<Situation>([
      ...(call === null ? [] : ([`caller_${call.caller}`] as const)),
      ...(call === null || isOpenTo(call) ? aboutTheHolder(page) : []),
      ...TOPIC_SITUATIONS,
    ]),
  ];
}

/** The reasons in their order, and what was credited. */
function aboutTheHolder({ claims, withdrawalRestriction }: PageAtHand): Situation[] {
  const credited = claims.some(({ status }) => status === 'credited');
  return [
    ...claims.flatMap(({ whyNotCredited }) => whyNotCredited.map(({ code }) => code)),
    ...(credited ? (['credited'] as const) : []),
    ...(credited && withdrawalRestriction !== null ? (['withdrawal_restricted'] as const) : []),
    ...(claims.length === 0 ? (['no_claim'] as const) : []),
  ];
}
