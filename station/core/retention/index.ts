/** Retention of files: which ones are removed, and whether the clock can be trusted for it. */
export const DAY_MS = 86_400_000;

/** Limits of the files that are kept. */
export interface RetentionLimits {
  /** Older files are removed. */
  readonly maxAgeDays: number;
  /** Above this sum the oldest files are removed. */
  readonly maxBytes: number;
  /** Younger files are never removed. */
  readonly keepDays: number;
}

export interface StoredFile {
  readonly id: string;
  readonly bytes: number;
  /** When it was written last, Unix milliseconds. */
  readonly atMs: number;
}

export type ExpiredFile<T extends StoredFile> = T & { readonly because: 'age' | 'size' };

/**
 * The files to remove, oldest first: never an open one (a run under way, a download), never a young one. A file with a
 * time in the future, after the clock was set back, is young.
 */
export function selectExpired<T extends StoredFile>(
  files: readonly T[],
  limits: RetentionLimits,
  nowMs: number,
  isOpen: (id: string) => boolean,
): ExpiredFile<T>[] {
  const expired: ExpiredFile<T>[] = [];
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of [...files].sort((a, b) => a.atMs - b.atMs)) {
    const ageMs = nowMs - file.atMs;
    if (ageMs <= limits.keepDays * DAY_MS || isOpen(file.id)) continue;
    const tooOld = ageMs > limits.maxAgeDays * DAY_MS;
    if (!tooOld && bytes <= limits.maxBytes) continue;
    expired.push({ ...file, because: tooOld ? 'age' : 'size' });
    bytes -= file.bytes;
  }
  return expired;
}

/**
 * Decides whether files may be removed because of their age: with a clock that is years ahead everything would be too old.
 * `administration/clock-trust` implements it.
 */
export interface RemovalGuard {
  /** Whether `what` may be removed by its age; false when it cannot be decided. Faults: none. */
  mayRemove(what: string, signal: AbortSignal): Promise<boolean>;
  /** Compares the clocks again. */
  update(): void;
}
