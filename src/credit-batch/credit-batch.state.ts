/**
 * States of a credit batch, each by its exits. The database guards the same table again.
 *
 * - `draft`      submitted (the maker has typed the control total), cancelled
 * - `submitted`  approved (the last checker needed), rejected (one refused: its claims are released), cancelled,
 *                draft (nobody decided in time, or the request was void: its claims stay reserved)
 * - `approved`   executing (its time has come), cancelled, draft (its posting date passed before it began, or its content
 *                is no longer the approved one: submit it again)
 * - `executing`  paused (takes effect between two chunks), completed (every item is credited or skipped)
 * - `paused`     executing (one person after an ordinary pause, two after an alert, by itself once the watch is back),
 *                stopped (two people: the rest is released)
 * - `completed`, `rejected`, `cancelled`, `stopped`   never left
 */
export const CREDIT_BATCH_TRANSITIONS = {
  draft: ['submitted', 'cancelled'],
  submitted: ['approved', 'rejected', 'cancelled', 'draft'],
  approved: ['executing', 'cancelled', 'draft'],
  executing: ['paused', 'completed'],
  paused: ['executing', 'stopped'],
  completed: [],
  rejected: [],
  cancelled: [],
  stopped: [],
} as const satisfies Record<string, readonly string[]>;

export type CreditBatchState = keyof typeof CREDIT_BATCH_TRANSITIONS;
export const CREDIT_BATCH_STATES = Object.keys(CREDIT_BATCH_TRANSITIONS) as CreditBatchState[];

/** What people may ask of a batch, and in which states. Approving is asked of the approval request, executing of nobody. */
export const COMMANDS = {
  submit: ['draft'],
  cancel: ['draft', 'submitted', 'approved'],
  pause: ['executing'],
  resume: ['paused'],
  stop: ['paused'],
} as const satisfies Record<string, readonly CreditBatchState[]>;

export type BatchCommand = keyof typeof COMMANDS;

export function isPossible(command: BatchCommand, state: CreditBatchState): boolean {
  return (COMMANDS[command] as readonly CreditBatchState[]).includes(state);
}

export function possibleCommands(state: CreditBatchState): BatchCommand[] {
  return (Object.keys(COMMANDS) as BatchCommand[]).filter((command) => isPossible(command, state));
}

/** Nothing will ever change about a batch in such a state. */
export function hasEnded(state: CreditBatchState): boolean {
  return CREDIT_BATCH_TRANSITIONS[state].length === 0;
}
