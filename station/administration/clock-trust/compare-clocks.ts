import { counted } from '#shared/words/index.ts';

export const DAY_MS = 86_400_000;
/** A station that was off for a weekend or a short holiday must not distrust its clock. */
const FROM_TRUSTED_MS = 7 * DAY_MS;
/** Clocks that were not set for a year differ by minutes. */
const FROM_REGISTRY_MS = DAY_MS;

export interface ClockDoubt {
  /** The time that the clock was compared with. */
  readonly by: 'registry' | 'records';
  /** Positive when the clock is ahead, negative when it is behind. */
  readonly aheadMs: number;
}

export interface ClockReadings {
  readonly nowMs: number;
  /** The newest time at which the clock was trusted, plus the monotonic time since; null when there is none. */
  readonly trustedMs: number | null;
  /** The registry's time; null when it could not be asked. */
  readonly registryMs: number | null;
}

/**
 * Null when the clock is trusted. The registry's time takes precedence over the station's own records, which may have been made
 * while the clock was wrong; and a station that was off for a month may have the right time.
 */
export function compareClocks({ nowMs, trustedMs, registryMs }: ClockReadings): ClockDoubt | null {
  if (registryMs !== null) {
    const aheadMs = nowMs - registryMs;
    return Math.abs(aheadMs) <= FROM_REGISTRY_MS ? null : { by: 'registry', aheadMs };
  }
  if (trustedMs === null) return null;
  const aheadMs = nowMs - trustedMs;
  return Math.abs(aheadMs) <= FROM_TRUSTED_MS ? null : { by: 'records', aheadMs };
}

/** For example "this clock is 400 days ahead of the newest record, and no registry could be asked which is right". */
export function describeClockDoubt({ by, aheadMs }: ClockDoubt): string {
  const days = Math.round(Math.abs(aheadMs) / DAY_MS);
  const than =
    by === 'registry' ? "the registry's" : 'the newest record, and no registry could be asked which is right';
  return `this clock is ${counted(days, 'day')} ${aheadMs > 0 ? 'ahead of' : 'behind'} ${than}`;
}
