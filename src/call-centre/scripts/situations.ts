import { WHY_NOT_CREDITED } from '../why-not-credited.js';

export const CALLER_SITUATIONS = [
  'caller_self',
  'caller_representative',
  'caller_heir',
  'caller_lawyer',
  'caller_press',
  'caller_police',
  'caller_other',
] as const;

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
}

/** The situations of a page: its reasons in their order, what was credited, and what may come up in any call. */
export function situationsOf({ claims, withdrawalRestriction }: PageAtHand): Situation[] {
  const credited = claims.some(({ status }) => status === 'credited');
  const fitting = new Set<Situation>([
    ...claims.flatMap(({ whyNotCredited }) => whyNotCredited.map(({ code }) => code)),
    ...(credited ? (['credited'] as const) : []),
    ...(credited && withdrawalRestriction !== null ? (['withdrawal_restricted'] as const) : []),
    ...(claims.length === 0 ? (['no_claim'] as const) : []),
    ...TOPIC_SITUATIONS,
  ]);
  return [...fitting];
}
