import { statSync } from 'node:fs';
import { findDamage, readBeside, type ReaderBeside, requireOwnFormat } from '#node-kit/sqlite/index.ts';
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

export interface BackupReading {
  readonly signal?: AbortSignal | undefined;
  /** Called with the part that was read, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Reads a copy of the database to its last page, in a thread of its own. Faults: `file-missing`; `database-corrupt` and
 * `database-future` when it is not one that can be restored; the signal's reason.
 */
export async function checkBackup(
  file: string,
  { signal = new AbortController().signal, onProgress }: BackupReading = {},
): Promise<BackupFacts> {
  const size = statSync(file, { throwIfNoEntry: false });
  if (size?.isFile() !== true) {
    throw new Fault('file-missing', `there is no backup ${file}`, {
      hint: 'List them with "backup --list".',
    });
  }
  try {
    using backup = openBackup(file);
    const { db, path } = backup;
    requireOwnFormat(db, stationFormat(), file);
    const damage = await findDamage(path, signal, { isThorough: true, onProgress });
    if (damage !== null) throw corrupt(file, damage);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version === 0) throw corrupt(file, 'it is empty');
    await using reader = readBeside(path, signal);
    return { sizeBytes: size.size, version, upToMs: await lastRecordMs(reader) };
  } catch (error) {
    const fault = asStationDatabaseFault(error, file);
    if (!(fault instanceof Fault) || fault.code !== 'database-corrupt') throw fault;
    throw new Fault('database-corrupt', `${file} is not a healthy backup: ${String(fault.details['why'])}`, {
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
async function lastRecordMs(reader: ReaderBeside): Promise<number | null> {
  const hasTrail = (await reader.all("SELECT 1 FROM sqlite_schema WHERE name = 'audit'")).length > 0;
  const times = [
    'SELECT max(started_at) AS at FROM run',
    'SELECT max(finished_at) FROM run',
    ...(hasTrail ? ['SELECT max(at) FROM audit'] : []),
  ];
  const [newest] = await reader.all<{ at: number | null }>(
    `SELECT max(at) AS at FROM (${times.join(' UNION ALL ')})`,
  );
  return newest?.at ?? null;
}
