import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../core/platform/index.ts';
import { type KeepLimits, toSweep } from '../../execution/recording/index.ts';

/** A file that was made can be made again: it is kept for whoever has not fetched it yet. */
export const EXPORT_LIMITS: KeepLimits = { maxAgeDays: 90, maxBytes: 5_000_000_000, keepDays: 1 };

/** As `exportName` names them; whatever else somebody has put there is theirs. */
const OURS = /_\d{8}T\d{6}Z(?:-\d+)?\.(?:csv|jsonl)$/;

export interface SweepParts {
  readonly dir: string;
  readonly log: Log;
  readonly nowMs: number;
  readonly limits?: KeepLimits | undefined;
  /** True for the name of a file that somebody may be reading. */
  readonly inUse: (name: string) => boolean;
  /** Whether the clock is to be believed. */
  readonly mayGo: () => Promise<boolean>;
}

/** Removes exports that are too old, and the oldest where there are too many bytes. Faults: none; the log has them. */
export async function sweepExports({ dir, log, nowMs, limits, inUse, mayGo }: SweepParts): Promise<void> {
  const kept: { path: string; id: string; bytes: number; atMs: number }[] = [];
  for (const id of (await readdir(dir).catch(() => [])).filter((name) => OURS.test(name))) {
    const path = join(dir, id);
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: null, mtimeMs: 0 }));
    if (size !== null) kept.push({ path, id, bytes: size, atMs: mtimeMs });
  }
  const old = toSweep(kept, limits ?? EXPORT_LIMITS, nowMs, inUse);
  if (old.length === 0 || !(await mayGo())) return;
  for (const { path, id, bytes, because } of old) {
    try {
      await rm(path, { force: true });
      log.info('export.swept', { name: id, because, bytes });
    } catch (error) {
      // Open in somebody's spreadsheet, say: the next sweep finds it again.
      log.error('export.unswept', error, { name: id });
    }
  }
}
