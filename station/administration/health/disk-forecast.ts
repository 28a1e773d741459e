export interface DiskSample {
  /** Monotonic clock. */
  readonly atMs: number;
  readonly freeBytes: number;
}

/** Over less time a single large file would look like a trend. */
const LEAST_SPAN_MS = 10 * 60_000;
const WINDOW_MS = 60 * 60_000;
/** Samples closer to each other tell nothing new. */
const SPACING_MS = 30_000;

/** The samples to go on with: the last hour, thinned out. */
export function withSample(samples: readonly DiskSample[], next: DiskSample): DiskSample[] {
  const last = samples.at(-1);
  if (last !== undefined && next.atMs - last.atMs < SPACING_MS) return [...samples];
  return [...samples, next].filter(({ atMs }) => next.atMs - atMs <= WINDOW_MS);
}

/** Hours until `stopBytes` are left when it goes on as in the last hour; null when it does not shrink, or who knows. */
export function hoursLeft(samples: readonly DiskSample[], stopBytes: number): number | null {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const spanMs = last.atMs - first.atMs;
  const used = first.freeBytes - last.freeBytes;
  if (spanMs < LEAST_SPAN_MS || used <= 0) return null;
  return Math.max(0, last.freeBytes - stopBytes) / (used / spanMs) / 3_600_000;
}
