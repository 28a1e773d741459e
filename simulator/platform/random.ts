import { createHash } from 'node:crypto';

/** Chance that can be repeated: the same seed gives the same units, the same delays and the same noise. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [low, high], both included. */
  integer(low: number, high: number): number;
}

/** A generator of its own for each purpose (`parts`), so that drawing for one never shifts another. */
export function createRandom(seed: string, ...parts: readonly (string | number)[]): Random {
  let state = createHash('sha256')
    .update([seed, ...parts].join('\u0000'))
    .digest()
    .readUInt32LE(0);
  // mulberry32: small, and good enough for delays and noise.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, integer: (low, high) => low + Math.floor(next() * (high - low + 1)) };
}
