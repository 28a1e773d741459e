import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { REPORT_FORMS } from '#shared/contract/index.ts';
import type { Log } from '../../core/platform/index.ts';
import { manifestFileOf } from './manifest.ts';
import { type RetentionLimits, selectExpired } from '../../core/retention/index.ts';

/** Exports can be made again; they are stored until a person has fetched them. */
export const EXPORT_LIMITS: RetentionLimits = { maxAgeDays: 90, maxBytes: 5_000_000_000, keepDays: 1 };

/** Names of `exportName`; other files in the folder are not deleted. */
const EXPORT_FILE = /_\d{8}T\d{6}Z(?:-\d+)?\.([a-z]+)$/;
const ENDINGS: ReadonlySet<string | undefined> = new Set(
  Object.values(REPORT_FORMS).map(({ ending }) => ending),
);
const isExport = (name: string): boolean => ENDINGS.has(EXPORT_FILE.exec(name)?.[1]);

export interface SweepOptions {
  readonly dir: string;
  readonly log: Log;
  readonly nowMs: number;
  readonly limits?: RetentionLimits | undefined;
  /** True for a file that may be in use. */
  readonly inUse: (name: string) => boolean;
  /** False when the clock is not trusted; nothing is deleted then. */
  readonly mayRemove: () => Promise<boolean>;
}

/** Deletes exports that are too old, and the oldest ones above the size limit. Failures are logged. */
export async function sweepExports({
  dir,
  log,
  nowMs,
  limits,
  inUse,
  mayRemove,
}: SweepOptions): Promise<void> {
  const exported: { path: string; id: string; bytes: number; atMs: number }[] = [];
  for (const id of (await readdir(dir).catch(() => [])).filter(isExport)) {
    const path = join(dir, id);
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: null, mtimeMs: 0 }));
    if (size !== null) exported.push({ path, id, bytes: size, atMs: mtimeMs });
  }
  const old = selectExpired(exported, limits ?? EXPORT_LIMITS, nowMs, inUse);
  if (old.length === 0 || !(await mayRemove())) return;
  for (const { path, id, bytes, because } of old) {
    try {
      await rm(path, { force: true });
      await rm(manifestFileOf(path), { force: true });
      log.info('export.swept', { name: id, because, bytes });
    } catch (error) {
      // For example open in a spreadsheet: the next sweep tries again.
      log.error('export.unswept', error, { name: id });
    }
  }
}
