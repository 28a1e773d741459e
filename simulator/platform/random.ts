import { createHash } from 'node:crypto';

/** Reproducible random numbers: the same seed gives the same units, delays and noise. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [low, high], both included. */
  integer(low: number, high: number): number;
}

/** Each purpose (`parts`) has a generator of its own, so that one does not change the numbers of another. */
export function createRandom(seed: string, ...parts: readonly (string | number)[]): Random {
  let state = createHash('sha256')
    .update([seed, ...parts].join('\u0000'))
    .digest()
    .readUInt32LE(0);
  // mulberry32 is sufficient for delays and noise.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, integer: (low, high) => low + Math.floor(next() * (high - low + 1)) };
}
