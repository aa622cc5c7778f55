/**
 * Claim numbers as people read them out and type them: 12 digits in groups of four, the last one a Damm check digit,
 * which finds every single wrong digit and every swap of two neighbours. The database makes them with the same table.
 * Source: H. Michael Damm, Total anti-symmetrische Quasigruppen (2004), quasigroup of order 10.
 */
const QUASIGROUP = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

declare const claimNoBrand: unique symbol;
/** 12 digits without hyphens whose check digit is right. */
export type ClaimNo = string & { readonly [claimNoBrand]: true };

/** The check digit over a run of digits. */
export function dammDigit(digits: string): string {
  return [...digits].reduce((state, digit) => QUASIGROUP[Number(state)]?.[Number(digit)] ?? '', '0');
}

/** `0123-4567-8901` for people. */
export function formatClaimNo(claimNo: string): string {
  return claimNo.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3');
}

/** Reads a number as typed, with or without hyphens and spaces; null when it is not a claim number. */
export function parseClaimNo(text: string): ClaimNo | null {
  const digits = text.replace(/[-\s]/g, '');
  return /^\d{12}$/.test(digits) && dammDigit(digits.slice(0, 11)) === digits[11] ? (digits as ClaimNo) : null;
}
