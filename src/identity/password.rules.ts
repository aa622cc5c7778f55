import { commonPasswords } from './common-passwords.js';

/** More than anyone types, and little enough that hashing it costs nothing. Nothing longer is cut: it is refused. */
export const MAX_PASSWORD_BYTES = 1024;
const MIN_CHARACTERS = 8;
const MIN_DIFFERENT_CHARACTERS = 4;
const PRODUCT = 'henkin';

export type PasswordFlaw = 'too_short' | 'says_login_or_product' | 'too_few_different_characters' | 'too_common';

/**
 * What is wrong with a password, or null. No rules of composition (NIST SP 800-63B): length decides, and what an
 * attacker would try first is refused. What says the login or the product counts only by what is left beside it.
 */
export async function passwordFlaw(password: string, login: string): Promise<PasswordFlaw | null> {
  const characters = [...password];
  if (characters.length < MIN_CHARACTERS) return 'too_short';
  if (new Set(characters).size < MIN_DIFFERENT_CHARACTERS) return 'too_few_different_characters';
  const rest = password.toLowerCase().replaceAll(login.toLowerCase(), '').replaceAll(PRODUCT, '');
  if ([...rest].length < MIN_CHARACTERS) return 'says_login_or_product';
  return (await commonPasswords(MIN_CHARACTERS)).has(password.toLowerCase()) ? 'too_common' : null;
}
