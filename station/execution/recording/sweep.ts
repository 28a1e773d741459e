export const DAY_MS = 86_400_000;

/** How much of what was written is kept. */
export interface KeepLimits {
  /** What is older goes. */
  readonly maxAgeDays: number;
  /** Where there is more, the oldest go. */
  readonly maxBytes: number;
  /** What is younger stays, however much there is. */
  readonly keepDays: number;
}

export type RecordingLimits = KeepLimits;
export const RECORDING_LIMITS: RecordingLimits = { maxAgeDays: 365, maxBytes: 20_000_000_000, keepDays: 7 };

export interface Kept {
  readonly id: string;
  readonly bytes: number;
  /** When it was written last. */
  readonly atMs: number;
}

export type Swept<T extends Kept> = T & { readonly because: 'age' | 'size' };

/**
 * Which files are to go, oldest first: never one that is open (a run under way, a download), never a young one. A clock
 * that was set back makes files of the future; they are young.
 */
export function toSweep<T extends Kept>(
  files: readonly T[],
  limits: KeepLimits,
  nowMs: number,
  isOpen: (id: string) => boolean,
): Swept<T>[] {
  const swept: Swept<T>[] = [];
  let bytes = files.reduce((sum, one) => sum + one.bytes, 0);
  for (const one of [...files].sort((a, b) => a.atMs - b.atMs)) {
    const ageMs = nowMs - one.atMs;
    if (ageMs <= limits.keepDays * DAY_MS || isOpen(one.id)) continue;
    const tooOld = ageMs > limits.maxAgeDays * DAY_MS;
    if (!tooOld && bytes <= limits.maxBytes) continue;
    swept.push({ ...one, because: tooOld ? 'age' : 'size' });
    bytes -= one.bytes;
  }
  return swept;
}
