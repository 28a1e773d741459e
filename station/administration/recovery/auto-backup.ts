import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';
import { backupFileName, listBackups, type WritableDatabase } from '../../core/database/index.ts';
import { EVERY_RUNS, readSchedule } from './backup-schedule.ts';
import { copyToFolder } from './copy-to-folder.ts';

const HOUR_MS = 3_600_000;
const META = 'backup.automatic';

/** State of the automatic backups. The names are in the order in which the files were made, because the clock may jump. */
interface Memory {
  readonly atMs: number;
  readonly runs: number;
  readonly names: readonly string[];
  /** Name of a copy that was begun and not recorded: after a crash it may be whole. Older databases have none. */
  readonly begun?: string | undefined;
  /** The copies in the second folder. */
  readonly copies?:
    | { readonly folder: string; readonly names: readonly string[]; readonly atMs: number }
    | undefined;
}

export interface AutoBackup {
  /** Time of the newest backup; null without one. */
  lastAtMs(): number | null;
  /** True when a backup is due. The first call for a new database begins to count the day and the runs. */
  checkDue(): boolean;
  /** Time of the newest copy in the second folder; null without one. */
  lastCopyAtMs(): number | null;
  /**
   * Makes a backup, a second copy where the schedule has a folder, and removes all but the newest. Faults: `disk-full`,
   * `file-denied`, the signal's reason, those of `copyToFolder`; after these the backup itself is whole and recorded.
   */
  make(signal: AbortSignal): Promise<void>;
  /** Copies a backup to the second folder; nothing without one. Faults: those of `copyToFolder`. */
  copy(path: string, by: Actor, signal: AbortSignal): Promise<void>;
}

export interface AutoBackupOptions {
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly log: Log;
  /** The station's name. */
  readonly station: () => string;
}

/**
 * Copies the database to `backups/` as the schedule says, and every 500 runs; keeps the newest. Copies that a person made
 * are not removed.
 */
export function createAutoBackup({ database, audit, clock, log, station }: AutoBackupOptions): AutoBackup {
  const memory = (): Memory | null => {
    const stored = database.meta.get(META);
    return stored === null ? null : (JSON.parse(stored) as Memory);
  };
  const remember = (next: Memory): void =>
    database.transaction(() => database.meta.set(META, JSON.stringify(next)));
  async function copy(path: string, by: Actor, signal: AbortSignal): Promise<void> {
    const { kept, folder } = readSchedule(database);
    if (folder === null) return;
    const atMs = clock.nowMs();
    const last = memory()?.copies;
    const before = last?.folder === folder ? last.names : [];
    const names = await copyToFolder({ path, folder, station: station(), before, kept }, signal);
    database.transaction(() => {
      const now = memory() ?? { atMs, runs: database.runs.count(), names: [] };
      database.meta.set(META, JSON.stringify({ ...now, copies: { folder, names, atMs } }));
      audit.record(by, 'backup.copy', basename(path), { folder });
    });
  }
  return {
    copy,
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
      const everyMs = readSchedule(database).everyHours * HOUR_MS;
      return sinceMs >= everyMs || sinceMs < -everyMs || database.runs.count() - last.runs >= EVERY_RUNS;
    },
    lastCopyAtMs: () => memory()?.copies?.atMs ?? null,
    async make(signal) {
      const { kept } = readSchedule(database);
      const atMs = clock.nowMs();
      const runs = database.runs.count();
      const name = backupFileName(backupStamp(atMs));
      const before = memory() ?? { atMs, runs, names: [] };
      const copies = listBackups(dirname(database.file)).map((path) => basename(path));
      const earlier = before.begun !== undefined && copies.includes(before.begun) ? [before.begun] : [];
      const known = [...before.names, ...earlier].filter((one) => one !== name);
      // Recorded before the copy, so that a copy after which this process ends is removed in its turn.
      remember({ ...before, names: known, begun: name });
      const path = await database.backup(backupStamp(atMs), { signal });
      const names = [...known, name];
      const dropped = names.slice(0, -kept);
      const next: Memory = { atMs, runs, names: names.slice(-kept), copies: before.copies };
      database.transaction(() => {
        database.meta.set(META, JSON.stringify(next));
        audit.record(STATION_ITSELF, 'backup.make', name, { automatic: true });
      });
      for (const old of dropped) rmSync(join(dirname(path), old), { force: true });
      log.info('backup.made', { name, dropped: dropped.length });
      await copy(path, STATION_ITSELF, signal);
    },
  };
}

/** Formats a time for the name of a file: `20261121T081500`, UTC. */
export function backupStamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]/g, '').slice(0, 15);
}
