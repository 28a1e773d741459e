import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { backupStamp } from './backup-stamp.ts';

const EVERY_MS = 24 * 60 * 60_000;
const EVERY_RUNS = 500;
const KEPT = 7;
const META = 'backup.automatic';

/** What is remembered of automatic backups: names in the order they were made, because a clock may have jumped. */
interface Memory {
  readonly atMs: number;
  readonly runs: number;
  readonly names: readonly string[];
}

export interface AutoBackup {
  /** When the newest was made; null when there is none. */
  readonly lastAtMs: number | null;
  /** Whether it is time for one. */
  due(): boolean;
  /** Makes one and drops the oldest above seven. Faults: `disk-full`, `file-denied`. */
  make(): Promise<void>;
}

/**
 * A copy of the database every day and every 500 runs, in `backups/`, the newest seven of them. Copies that a person
 * made are left alone.
 */
export function createAutoBackup(
  database: WritableDatabase,
  audit: AuditTrail,
  clock: Clock,
  log: Log,
): AutoBackup {
  const memory = (): Memory | null => {
    const kept = database.meta.get(META);
    return kept === null ? null : (JSON.parse(kept) as Memory);
  };
  const remember = (next: Memory): void =>
    database.transaction(() => database.meta.set(META, JSON.stringify(next)));
  return {
    get lastAtMs() {
      const last = memory();
      return last === null || last.names.length === 0 ? null : last.atMs;
    },
    due() {
      const last = memory();
      if (last === null) {
        // Nothing yet that a copy would be good for; from now on it counts.
        remember({ atMs: clock.nowMs(), runs: database.runs.count(), names: [] });
        return false;
      }
      const sinceMs = clock.nowMs() - last.atMs;
      // A clock that was set back would otherwise keep the next one away for as long.
      return sinceMs >= EVERY_MS || sinceMs < -EVERY_MS || database.runs.count() - last.runs >= EVERY_RUNS;
    },
    async make() {
      const atMs = clock.nowMs();
      const runs = database.runs.count();
      const path = await database.backup(backupStamp(atMs));
      const name = basename(path);
      const names = [...(memory()?.names ?? []).filter((known) => known !== name), name];
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
