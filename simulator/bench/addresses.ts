import { createHash } from 'node:crypto';

import { formatChipId } from '#shared/domain/triple.ts';

/** Locally administered (second bit of the first byte), so that no real device has such an address. */
const PREFIX = 'A2B7';
/** Odd, so that multiplying by it never maps two numbers of 32 bits onto one. */
const SPREAD = 2_654_435_761;

/** The MAC of a unit, as `A2:B7:xx:xx:xx:xx`: scattered, always the same for a seed, never the same for two units. */
export function macOf(seed: string, unit: number): string {
  const base = createHash('sha256').update(`mac ${seed}`).digest().readUInt32BE(0);
  const scattered = (base + Number((BigInt(unit) * BigInt(SPREAD)) & 0xffffffffn)) >>> 0;
  return formatChipId(PREFIX + scattered.toString(16).toUpperCase().padStart(8, '0'));
}

/** What is printed on a unit: `SN000001` for the first. */
export function serialNumberOf(prefix: string, start: number, unit: number): string {
  return prefix + String(start + unit - 1).padStart(6, '0');
}
