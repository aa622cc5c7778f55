/**
 * States of a work item, each by its exits. The database guards the same table again.
 *
 * - `open`    taken (handed out), done (its cause went away)
 * - `taken`   taken (by another, after 15 minutes of silence), open (handed back), done
 * - `done`    never left
 */
export const WORK_ITEM_TRANSITIONS = {
  open: ['taken', 'done'],
  taken: ['taken', 'open', 'done'],
  done: [],
} as const satisfies Record<string, readonly string[]>;

export type WorkItemState = keyof typeof WORK_ITEM_TRANSITIONS;
export const WORK_ITEM_STATES = Object.keys(WORK_ITEM_TRANSITIONS) as WorkItemState[];

/** What somebody can say who finishes an item. What settles by itself gets its outcome from the program. */
export const OUTCOMES = ['resolved', 'unreachable', 'handed_on', 'kept', 'not_needed'] as const;
export type WorkItemOutcome = (typeof OUTCOMES)[number];

/** Whoever shows no sign of life for so long has it in hand no more. The database holds the same time. */
export const SILENCE_MINUTES = 15;

/** Items that were last touched before this instant are open again. */
export function silentSince(now: Date): Date {
  return new Date(now.getTime() - SILENCE_MINUTES * 60_000);
}

/** The state as people see it: what has fallen silent is open, although nobody has taken it up again yet. */
export function stateAt(item: { status: WorkItemState; touchedAt: Date | null }, now: Date): WorkItemState {
  const silent = item.status === 'taken' && item.touchedAt !== null && item.touchedAt < silentSince(now);
  return silent ? 'open' : item.status;
}
