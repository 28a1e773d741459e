import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';
import { backupFileName, listBackups, type WritableDatabase } from '../../core/database/index.ts';

const EVERY_MS = 24 * 60 * 60_000;
const EVERY_RUNS = 500;
const KEPT = 7;
/** When backups are made, and how many of them are kept. */
export const BACKUP_SCHEDULE = { everyHours: EVERY_MS / 3_600_000, everyRuns: EVERY_RUNS, kept: KEPT };
const META = 'backup.automatic';

/** State of the automatic backups. The names are in the order in which the files were made, because the clock may jump. */
interface Memory {
  readonly atMs: number;
  readonly runs: number;
  readonly names: readonly string[];
  /** Name of a copy that was begun and not recorded: after a crash it may be whole. Older databases have none. */
  readonly begun?: string | undefined;
}

export interface AutoBackup {
  /** Time of the newest backup; null without one. */
  lastAtMs(): number | null;
  /** True when a backup is due. The first call for a new database begins to count the day and the runs. */
  checkDue(): boolean;
  /** Makes a backup and removes all but the newest seven. Faults: `disk-full`, `file-denied`. */
  make(): Promise<void>;
}

/**
 * Copies the database to `backups/` every day and every 500 runs, and keeps the newest seven. Copies that a person made
 * are not removed.
 */
export function createAutoBackup(
  database: WritableDatabase,
  audit: AuditTrail,
  clock: Clock,
  log: Log,
): AutoBackup {
  const memory = (): Memory | null => {
    const stored = database.meta.get(META);
    return stored === null ? null : (JSON.parse(stored) as Memory);
  };
  const remember = (next: Memory): void =>
    database.transaction(() => database.meta.set(META, JSON.stringify(next)));
  return {
    lastAtMs() {
      const last = memory();
      return last === null || last.names.length === 0 ? null : last.atMs;
    },
    checkDue() {
      const last = memory();
      if (last === null) {
        // A new database has nothing to copy; the day and the runs are counted from here.
        remember({ atMs: clock.nowMs(), runs: database.runs.count(), names: [] });
        return false;
      }
      const sinceMs = clock.nowMs() - last.atMs;
      // After the clock was set back the next backup would otherwise be delayed by as much.
      return sinceMs >= EVERY_MS || sinceMs < -EVERY_MS || database.runs.count() - last.runs >= EVERY_RUNS;
    },
    async make() {
      const atMs = clock.nowMs();
      const runs = database.runs.count();
      const name = backupFileName(backupStamp(atMs));
      const before = memory() ?? { atMs, runs, names: [] };
      const copies = listBackups(dirname(database.file)).map((path) => basename(path));
      const earlier = before.begun !== undefined && copies.includes(before.begun) ? [before.begun] : [];
      const known = [...before.names, ...earlier].filter((one) => one !== name);
      // Recorded before the copy, so that a copy after which this process ends is removed in its turn.
      remember({ ...before, names: known, begun: name });
      const path = await database.backup(backupStamp(atMs));
      const names = [...known, name];
      const dropped = names.slice(0, -KEPT);
      const next: Memory = { atMs, runs, names: names.slice(-KEPT) };
      database.transaction(() => {
        database.meta.set(META, JSON.stringify(next));
        audit.record(STATION_ITSELF, 'backup.make', name, { automatic: true });
      });
      for (const old of dropped) rmSync(join(dirname(path), old), { force: true });
      log.info('backup.made', { name, dropped: dropped.length });
    },
  };
}

/** Formats a time for the name of a file: `20261121T081500`, UTC. */
export function backupStamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]/g, '').slice(0, 15);
}
