import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { requireOwnFormat } from '#node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { stationFormat } from './database.ts';
import { openBackup } from './open-backup.ts';
import { asStationDatabaseFault, corrupt } from './database-fault.ts';

export interface BackupFacts {
  readonly sizeBytes: number;
  readonly version: number;
  /** When its last record was made, as far as runs and the audit trail tell; null when it has neither. */
  readonly upToMs: number | null;
}

/**
 * Reads a copy of the database to its last page. Faults: `file-missing`; `database-corrupt` and `database-future` when
 * it is not one that can be restored.
 */
export function checkBackup(file: string): BackupFacts {
  const size = statSync(file, { throwIfNoEntry: false });
  if (size?.isFile() !== true) {
    throw new Fault('file-missing', `there is no backup ${file}`, {
      hint: 'List them with "backup --list".',
    });
  }
  try {
    using backup = openBackup(file);
    const { db } = backup;
    requireOwnFormat(db, stationFormat(), file);
    const verdict = String(db.pragma('integrity_check(1)', { simple: true }));
    if (verdict !== 'ok') throw corrupt(file, verdict);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version === 0) throw corrupt(file, 'it is empty');
    return { sizeBytes: size.size, version, upToMs: lastRecordMs(db) };
  } catch (error) {
    const known = asStationDatabaseFault(error, file);
    if (!(known instanceof Fault) || known.code !== 'database-corrupt') throw known;
    throw new Fault('database-corrupt', `${file} is not a healthy backup: ${String(known.details['why'])}`, {
      hint: 'Choose another one: "backup --list".',
    });
  }
}

/** The data keys of a backup, as its host wrapped them. Faults: those of SQLite. */
export function readBackupKeys(file: string): { readonly keyId: number; readonly wrapped: Uint8Array }[] {
  try {
    using backup = openBackup(file);
    return backup.db
      .prepare<[], { keyId: number; wrapped: Buffer }>(
        'SELECT key_id AS keyId, wrapped FROM secret_key ORDER BY key_id',
      )
      .all();
  } catch (error) {
    throw asStationDatabaseFault(error, file);
  }
}

/** The first version had runs and no audit trail. */
function lastRecordMs(db: Database.Database): number | null {
  const hasTrail = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'audit'").get() !== undefined;
  const times = [
    'SELECT max(started_at) AS at FROM run',
    'SELECT max(finished_at) FROM run',
    ...(hasTrail ? ['SELECT max(at) FROM audit'] : []),
  ];
  const newest = db.prepare<[], number | null>(`SELECT max(at) FROM (${times.join(' UNION ALL ')})`).pluck();
  return newest.get() ?? null;
}
