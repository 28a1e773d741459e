import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../core/platform/index.ts';
import { type Kept, type KeepLimits, toSweep } from './sweep.ts';

/** A log that something floods must not fill the disk: no day is kept whatever room it takes. */
export const LOG_LIMITS: KeepLimits = { maxAgeDays: 365, maxBytes: 1_000_000_000, keepDays: 0 };

/** As `drivers/node/log-file.ts` names them; whatever else somebody has put there is theirs. */
const OURS = /^\d{4}-\d\d-\d\d(?:\.\d+)?\.jsonl$/;

/** The log files of a data directory, oldest first. */
export async function listLogs(dataDir: string): Promise<Kept[]> {
  const dir = join(dataDir, 'logs');
  const kept: Kept[] = [];
  for (const id of (await readdir(dir).catch(() => [])).filter((name) => OURS.test(name))) {
    const { size, mtimeMs } = await stat(join(dir, id)).catch(() => ({ size: null, mtimeMs: 0 }));
    if (size !== null) kept.push({ id, bytes: size, atMs: mtimeMs });
  }
  return kept.sort((a, b) => a.atMs - b.atMs);
}

export interface LogSweepParts {
  readonly dataDir: string;
  readonly log: Log;
  readonly nowMs: number;
  readonly limits?: KeepLimits;
  /** Whether the clock is to be believed; asked when something is to go by its age. */
  readonly mayGo: () => Promise<boolean>;
}

/** Removes log files that are too old, and the oldest where there are too many bytes. Faults: none; the log has them. */
export async function sweepLogs({ dataDir, log, nowMs, limits, mayGo }: LogSweepParts): Promise<void> {
  const all = await listLogs(dataDir);
  // The one that is written now.
  const newest = all.at(-1)?.id;
  const old = toSweep(all, limits ?? LOG_LIMITS, nowMs, (id) => id === newest);
  const byAge = old.some(({ because }) => because === 'age') && (await mayGo());
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
