import { createHash } from 'node:crypto';

/** Reproducible random numbers. */
export interface RandomSource {
  /** 0 … n − 1. */
  below(n: number): number;
  of<T>(list: readonly T[]): T;
  bytes(count: number): Uint8Array;
}

/** A mulberry32 generator, seeded with the SHA-256 of a text. */
export function createRandomSource(seed: string): RandomSource {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    of(list) {
      const found = list[below(list.length)];
      if (found === undefined) throw new Error('there is nothing to choose from');
      return found;
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  };
}
