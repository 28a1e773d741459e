import { createHash } from 'node:crypto';

/** Random numbers that depend on seed and name only. */
export interface RandomSource {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True with this probability. */
  chance(share: number): boolean;
  /** One of the values, by weight. */
  pick<T>(weighted: readonly (readonly [weight: number, value: T])[]): T;
}

/** Each name has a stream of its own, so that one user of random numbers does not change the numbers of another. */
export function createRandomSource(seed: string, ...name: readonly (string | number)[]): RandomSource {
  const digest = createHash('sha256')
    .update([seed, ...name].join('/'))
    .digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = 1;
  // sfc32 of PractRand.
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick(weighted) {
      const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
      let at = next() * total;
      for (const [weight, value] of weighted) {
        at -= weight;
        if (at < 0) return value;
      }
      const last = weighted.at(-1);
      if (last === undefined) throw new RangeError('nothing to pick from');
      return last[1];
    },
  };
}
