export interface DiskSample {
  /** Monotonic clock. */
  readonly atMs: number;
  readonly freeBytes: number;
}

/** Over a shorter time a single large file would look like a trend. */
const MIN_SPAN_MS = 10 * 60_000;
const WINDOW_MS = 60 * 60_000;
/** A sample closer to the last one is not added. */
const SPACING_MS = 30_000;

/** The samples of the last hour with the next one added. */
export function withSample(samples: readonly DiskSample[], next: DiskSample): DiskSample[] {
  const last = samples.at(-1);
  if (last !== undefined && next.atMs - last.atMs < SPACING_MS) return [...samples];
  return [...samples, next].filter(({ atMs }) => next.atMs - atMs <= WINDOW_MS);
}

/** Hours until `stopBytes` are left at the rate of the last hour; null when the space does not shrink or too little is known. */
export function hoursLeft(samples: readonly DiskSample[], stopBytes: number): number | null {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const spanMs = last.atMs - first.atMs;
  const used = first.freeBytes - last.freeBytes;
  if (spanMs < MIN_SPAN_MS || used <= 0) return null;
  return Math.max(0, last.freeBytes - stopBytes) / (used / spanMs) / 3_600_000;
}
