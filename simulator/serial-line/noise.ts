import type { Random } from '../platform/index.ts';

/** Random bytes, as from a disturbed cable or from a boot ROM at its own bit rate. */
export function noise(random: Random, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = random.integer(0, 255);
  return bytes;
}

/**
 * The bytes that a receiver reads at another bit rate: about as many as the transmission time allows, without meaning.
 * A higher rate samples each bit several times, so that runs of 0x00 and 0xFF are common.
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
