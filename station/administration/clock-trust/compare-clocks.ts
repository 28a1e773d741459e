import { counted } from '#shared/words/index.ts';
export const DAY_MS = 86_400_000;
/** A weekend, a short holiday: so long a station may have been off without anybody having to say that its clock is right. */
const FROM_ANCHOR_MS = 7 * DAY_MS;
/** Two clocks that nobody has looked after for a year differ by minutes. */
const FROM_REGISTRY_MS = DAY_MS;

export interface ClockDoubt {
  /** By what the clock was measured. */
  readonly by: 'registry' | 'records';
  /** How far it is ahead; negative when it is behind. */
  readonly aheadMs: number;
}

export interface ClockReadings {
  readonly nowMs: number;
  /** When it must be at least, by the newest record that was made while the clock was believed; null when there is none. */
  readonly anchorMs: number | null;
  /** What time it is at the registry; null when nobody could be asked. */
  readonly registryMs: number | null;
}

/**
 * Null when the clock is believed. The registry's word counts more than the station's own records: those may have been
 * made while the clock was wrong, and a station that was off for a month is right all the same.
 */
export function compareClocks({ nowMs, anchorMs, registryMs }: ClockReadings): ClockDoubt | null {
  if (registryMs !== null) {
    const aheadMs = nowMs - registryMs;
    return Math.abs(aheadMs) <= FROM_REGISTRY_MS ? null : { by: 'registry', aheadMs };
  }
  if (anchorMs === null) return null;
  const aheadMs = nowMs - anchorMs;
  return Math.abs(aheadMs) <= FROM_ANCHOR_MS ? null : { by: 'records', aheadMs };
}

/** "this clock is 400 days ahead of the newest record that was made by a clock to be believed". */
export function describeClockDoubt({ by, aheadMs }: ClockDoubt): string {
  const days = Math.round(Math.abs(aheadMs) / DAY_MS);
  const than =
    by === 'registry' ? "the registry's" : 'the newest record, and no registry could say which is right';
  return `this clock is ${counted(days, 'day')} ${aheadMs > 0 ? 'ahead of' : 'behind'} ${than}`;
}
