import { createHash } from 'node:crypto';

/**
 * Random numbers that a seed fixes for ever: sfc32 (Chris Doty-Humphrey, PractRand), all in 32-bit integers, so that no
 * version of Node and no machine draws others. For demonstration data only, never for secrets.
 */
export class Random {
  private constructor(
    private a: number,
    private b: number,
    private c: number,
    private counter: number,
  ) {}

  /** A stream of its own for each purpose: what one part draws never shifts what another draws. */
  static for(seed: string, purpose: string): Random {
    const digest = createHash('sha256').update(`${purpose}\n${seed}`).digest();
    return new Random(digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12));
  }

  /** A whole number from 0 to limit − 1, for limits up to 2^53. */
  below(limit: number): number {
    // 21 high and 32 low bits fill the 53 that a number keeps exactly; the bias of the remainder is far below what shows.
    return ((this.next32() >>> 11) * 2 ** 32 + this.next32()) % limit;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new RangeError('There is nothing to pick from.');
    return picked;
  }

  private next32(): number {
    const drawn = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11) | 0) + drawn) | 0;
    return drawn >>> 0;
  }
}

/** Draws from a table of values with their shares; the shares need not sum to anything. */
export function drawFrom<T>(table: readonly (readonly [value: T, share: number])[]): (random: Random) => T {
  const all = table.reduce((sum, [, share]) => sum + share, 0);
  return (random) => {
    let left = random.below(all);
    for (const [value, share] of table) {
      left -= share;
      if (left < 0) return value;
    }
    throw new RangeError('There is nothing to draw from.');
  };
}
