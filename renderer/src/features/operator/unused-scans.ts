import { SAME_ANSWER_MS } from '#shared/domain/scan/index.ts';
import type { LineTimes } from '#services/scanner/index.ts';

/** A scan that started and answered nothing. */
export interface UnusedScan extends LineTimes {
  readonly text: string;
}

/** Limits the list while the station is out of reach for hours and the scanner scans a label repeatedly. */
const MAX_UNUSED = 256;

/**
 * Adds a scan; the oldest is first. Repeated scans of one label extend one entry. Above the limit the oldest are removed.
 */
export function withUnusedScan(scans: readonly UnusedScan[], scan: UnusedScan): readonly UnusedScan[] {
  const same = scans.findLast(
    ({ text, firstKeyAtMs, lastKeyAtMs }) =>
      text === scan.text &&
      scan.firstKeyAtMs - lastKeyAtMs < SAME_ANSWER_MS &&
      firstKeyAtMs - scan.lastKeyAtMs < SAME_ANSWER_MS,
  );
  const one: UnusedScan =
    same === undefined
      ? scan
      : {
          text: scan.text,
          firstKeyAtMs: Math.min(same.firstKeyAtMs, scan.firstKeyAtMs),
          lastKeyAtMs: Math.max(same.lastKeyAtMs, scan.lastKeyAtMs),
          directlyAfterLine:
            same.firstKeyAtMs <= scan.firstKeyAtMs ? same.directlyAfterLine : scan.directlyAfterLine,
        };
  return [...scans.filter((other) => other !== same), one]
    .toSorted((a, b) => a.firstKeyAtMs - b.firstKeyAtMs)
    .slice(-MAX_UNUSED);
}
