/** More than anyone types, and little enough that hashing it costs nothing. Nothing longer is cut: it is refused. */
export const MAX_PASSWORD_BYTES = 1024;
const MIN_CHARACTERS = 8;
const MIN_DIFFERENT_CHARACTERS = 4;
const PRODUCT = 'henkin';

export type PasswordFlaw = 'too_short' | 'says_login_or_product' | 'too_few_different_characters';

/**
 * What is wrong with a password, or null. No rules of composition (NIST SP 800-63B): length decides, and what an
 * attacker would try first is refused. What says the login or the product counts only by what is left beside it.
 */
export function passwordFlaw(password: string, login: string): PasswordFlaw | null {
  const characters = [...password];
  if (characters.length < MIN_CHARACTERS) return 'too_short';
  if (new Set(characters).size < MIN_DIFFERENT_CHARACTERS) return 'too_few_different_characters';
  const rest = password.toLowerCase().replaceAll(login.toLowerCase(), '').replaceAll(PRODUCT, '');
  return [...rest].length < MIN_CHARACTERS ? 'says_login_or_product' : null;
}
