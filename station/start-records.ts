/** Entries of the audit trail and the log about the start of a station. */
import { type AuditTrail, STATION_ITSELF } from './core/audit-log/index.ts';
import type { WritableDatabase } from './core/database/index.ts';
import type { Log, Platform } from './core/platform/index.ts';

/** Records that the high-water mark counts more entries of the audit trail than the database has. */
export function recordLostEntries({ log }: Platform, database: WritableDatabase, audit: AuditTrail): void {
  const { lostAuditEntries: entries } = database;
  if (entries === 0) return;
  log.warn('audit.lost', { entries });
  database.transaction(() => audit.record(STATION_ITSELF, 'audit.lost', 'trail', { entries }));
}

/** Records that other users could read the key file before this start. */
export function recordExposedKey(
  { log, secretBox }: Platform,
  database: WritableDatabase,
  audit: AuditTrail,
): void {
  const warning = secretBox.warning?.() ?? null;
  if (warning === null) return;
  log.warn('secrets.key-exposed', { warning });
  database.transaction(() => audit.record(STATION_ITSELF, 'secrets.key-exposed', 'host-key', { warning }));
}

/** Appends digests; one that fails, as on a full disk, is part of the next one. Faults: none; they are logged. */
export function appendDigests(log: Log, append: () => void): void {
  try {
    append();
  } catch (error) {
    log.warn('records.not-kept', { why: error instanceof Error ? error.message : String(error) });
  }
}

/** Logs what the start found of an earlier process. */
export function logStart(
  log: Log,
  recovery: {
    readonly inDoubt: number;
    readonly interruptedRuns: readonly unknown[];
    readonly resumable: readonly unknown[];
  },
): void {
  log.info('station.started', {
    inDoubt: recovery.inDoubt,
    interruptedRuns: recovery.interruptedRuns.length,
    resumedRuns: recovery.resumable.length,
  });
}
