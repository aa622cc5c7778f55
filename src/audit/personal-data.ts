import type { Json } from '../platform/json.js';

/** Keys under which people or their secrets would enter the trail; compared without case and underscores. */
const FORBIDDEN = new Set([
  'name',
  'namekana',
  'displayname',
  'email',
  'phone',
  'birthdate',
  'address',
  'login',
  'password',
  'passwordhash',
  'token',
  'accesstoken',
  'refreshtoken',
  'activationtoken',
]);

/**
 * Events are kept for as long as the programme and read by many, and nothing can be taken out of them again. So they
 * carry identifiers, states, amounts and reasons, and never personal data or secrets: a reader who may know who stands
 * behind an identifier looks it up where that person can still be corrected.
 *
 * Throws for a key that breaks this rule, and with it the change does not happen: that is a mistake in the program.
 */
export function assertNoPersonalData(value: Json | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN.has(key.replaceAll('_', '').toLowerCase())) throw new Error(`an audit event must not carry ${key}`);
    assertNoPersonalData(inner);
  }
}
