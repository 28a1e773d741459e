import { SAME_ANSWER_MS } from '#shared/domain/scan/index.ts';
import type { LineTimes } from '#services/scanner/index.ts';

/** A line that was read and had no effect. */
export interface UnsentRead extends LineTimes {
  readonly text: string;
}

/** Limits the list while the station is out of reach for hours and the scanner reads a label repeatedly. */
const MAX_UNSENT = 256;

/**
 * Adds a read; the oldest is first. Repeated reads of one label extend one entry. Above the limit the oldest are removed.
 */
export function withUnsent(reads: readonly UnsentRead[], read: UnsentRead): readonly UnsentRead[] {
  const same = reads.findLast(
    ({ text, firstAtMs, lastAtMs }) =>
      text === read.text &&
      read.firstAtMs - lastAtMs < SAME_ANSWER_MS &&
      firstAtMs - read.lastAtMs < SAME_ANSWER_MS,
  );
  const one: UnsentRead =
    same === undefined
      ? read
      : {
          text: read.text,
          firstAtMs: Math.min(same.firstAtMs, read.firstAtMs),
          lastAtMs: Math.max(same.lastAtMs, read.lastAtMs),
          joined: same.firstAtMs <= read.firstAtMs ? same.joined : read.joined,
        };
  return [...reads.filter((other) => other !== same), one]
    .toSorted((a, b) => a.firstAtMs - b.firstAtMs)
    .slice(-MAX_UNSENT);
}
