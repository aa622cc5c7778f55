import { createHash, randomBytes } from 'node:crypto';

const HOW_MANY = 10;
/** Crockford's digits: none that people take for another. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 16;

/** 80 random bits each: far too many to guess, so that a plain hash is kept of them. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: HOW_MANY }, () => {
    const digits = [...randomBytes(LENGTH)].map((byte) => DIGITS[byte % DIGITS.length]).join('');
    return digits.replaceAll(/(.{4})(?=.)/g, '$1-');
  });
}

/** The same code typed in small letters, without hyphens or with O for 0 is the same code. */
export function hashOfRecoveryCode(code: string): string {
  const typed = code
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return createHash('sha256').update(`henkin:recovery-code:${typed}`).digest('hex');
}
