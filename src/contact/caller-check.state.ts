import { birthDateKey, emailKey, phoneKey } from '../holder/search-key.js';

/** The database holds the same limits. */
export const MOST_FAILED_PER_CONTACT = 3;
export const MOST_FAILED_PER_HOLDER_AND_DAY = 6;
export const MOST_PER_AGENT_AND_HOUR = 30;
const MATCHES_TO_PASS = 2;

/** Something was said per field, or nothing. */
export type Said = Partial<Record<Field, string>>;
export type Field = keyof typeof KEYS;
/** Per field: does what was said agree? Null where nothing was said. */
export type Matches = Readonly<Record<Field, boolean | null>>;

const KEYS = { birthDate: birthDateKey, phone: phoneKey, email: emailKey } as const;

/** Both sides are written as the search writes them, so that the check forgives what the search forgives. Nothing agrees with nothing. */
export function compare(said: Said, stored: Readonly<Record<Field, string | null>>): Matches {
  const agrees = (field: Field) => {
    const [heard, known] = [said[field], stored[field]];
    if (heard === undefined) return null;
    const key = KEYS[field](heard);
    return key !== '' && known !== null && key === KEYS[field](known);
  };
  return { birthDate: agrees('birthDate'), phone: agrees('phone'), email: agrees('email') };
}

export function countSaid(said: Said): number {
  return Object.values(said).filter((value) => value !== undefined).length;
}

export function hasPassed(matches: Matches): boolean {
  return Object.values(matches).filter((match) => match === true).length >= MATCHES_TO_PASS;
}

/** Where a contact's checks stand. */
export interface CheckState {
  readonly passed: boolean;
  readonly failed: number;
  readonly locked: boolean;
}

export function checkState(checks: readonly { readonly passed: boolean }[]): CheckState {
  return checkStateOf({
    passed: checks.some(({ passed }) => passed),
    failed: checks.filter(({ passed }) => !passed).length,
  });
}

export function checkStateOf({ passed, failed }: { passed: boolean; failed: number }): CheckState {
  return { passed, failed, locked: failed >= MOST_FAILED_PER_CONTACT };
}
