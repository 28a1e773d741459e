import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../core/platform/index.ts';
import { type RetentionLimits, selectExpired, type StoredFile } from '../../core/retention/index.ts';

/** No day is kept regardless of its size, so that a flooded log cannot fill the disk. */
export const LOG_LIMITS: RetentionLimits = { maxAgeDays: 365, maxBytes: 1_000_000_000, keepDays: 0 };

/** Names of `drivers/node/log-file.ts`; other files in the directory are left alone. */
const LOG_FILE = /^\d{4}-\d\d-\d\d(?:\.\d+)?\.jsonl$/;

/** The log files of a data directory, oldest first. */
export async function listLogs(dataDir: string): Promise<StoredFile[]> {
  const dir = join(dataDir, 'logs');
  const logs: StoredFile[] = [];
  for (const id of (await readdir(dir).catch(() => [])).filter((name) => LOG_FILE.test(name))) {
    const { size, mtimeMs } = await stat(join(dir, id)).catch(() => ({ size: null, mtimeMs: 0 }));
    if (size !== null) logs.push({ id, bytes: size, atMs: mtimeMs });
  }
  return logs.sort((a, b) => a.atMs - b.atMs);
}

export interface LogSweepOptions {
  readonly dataDir: string;
  readonly log: Log;
  readonly nowMs: number;
  readonly limits?: RetentionLimits;
  /** Decides whether the clock is right; called when a file is to be removed by its age. */
  readonly mayRemoveByAge: () => Promise<boolean>;
}

/** Removes log files that are too old, and the oldest when they are too large together. A file that cannot be removed is logged. */
export async function sweepLogs({
  dataDir,
  log,
  nowMs,
  limits,
  mayRemoveByAge,
}: LogSweepOptions): Promise<void> {
  const all = await listLogs(dataDir);
  // The newest file is being written.
  const newest = all.at(-1)?.id;
  const old = selectExpired(all, limits ?? LOG_LIMITS, nowMs, (id) => id === newest);
  const byAge = old.some(({ because }) => because === 'age') && (await mayRemoveByAge());
  for (const { id, bytes, because } of old) {
    if (because === 'age' && !byAge) continue;
    try {
      await rm(join(dataDir, 'logs', id), { force: true });
      log.info('log.swept', { name: id, because, bytes });
    } catch (error) {
      log.error('log.unswept', error, { name: id });
    }
  }
}
