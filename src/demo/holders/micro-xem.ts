/** Quantities of XEM as whole micro-XEM: the millionth is the smallest unit there is, so sums are exact. */
const MICRO_PER_XEM = 1_000_000n;

/** `1234567n` → `1.234567`, always with six decimals. */
export function formatXem(micro: bigint): string {
  const size = micro < 0n ? -micro : micro;
  const decimals = (size % MICRO_PER_XEM).toString().padStart(6, '0');
  return `${micro < 0n ? '-' : ''}${size / MICRO_PER_XEM}.${decimals}`;
}

/** `1.5` → `1500000n`; null for anything that is not a quantity with at most six decimals. */
export function parseXem(text: string): bigint | null {
  const [, sign, whole, decimals = ''] = /^(-?)(\d{1,14})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) return null;
  const size = BigInt(whole) * MICRO_PER_XEM + BigInt(decimals.padEnd(6, '0'));
  return sign === '-' ? -size : size;
}
