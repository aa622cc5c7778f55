/** How many distinct keys must sign, and how long a new key waits before it counts. */
export interface Rule {
  readonly leastSignatures: number;
  readonly waitingHours: number;
}

/** Does the rule ask for less in any respect? Then two people do not suffice: the keys of the present rule must sign. */
export function isWeaker(asked: Rule, present: Rule): boolean {
  return asked.leastSignatures < present.leastSignatures || asked.waitingHours < present.waitingHours;
}
