import type { Random } from '../platform/index.ts';

/** Bytes nobody can read: what a line picks up when a cable is touched, and what a boot ROM says at its own rate. */
export function noise(random: Random, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = random.integer(0, 255);
  return bytes;
}

/**
 * What a receiver at one rate makes of bytes sent at another: about as many bytes as their durations allow, none of
 * them meaningful. At a higher rate each bit is sampled several times, so runs of 0x00 and 0xFF are common.
 */
export function misread(
  random: Random,
  bytes: Uint8Array,
  sentAtBaud: number,
  readAtBaud: number,
): Uint8Array {
  const count = Math.max(1, Math.min(bytes.length * 4, Math.round((bytes.length * readAtBaud) / sentAtBaud)));
  const seen = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const kind = random.integer(0, 3);
    seen[i] = kind === 0 ? 0x00 : kind === 1 ? 0xff : 0x80 | random.integer(0, 127);
  }
  return seen;
}
