import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Fault } from '#shared/domain/fault.ts';
import { refuseForeignOrFuture } from './database.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { asStoreFault } from './store-fault.ts';

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
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { readonly: true });
    refuseForeignOrFuture(db, file, MIGRATIONS);
    const verdict = String(db.pragma('integrity_check(1)', { simple: true }));
    if (verdict !== 'ok') throw broken(file, verdict);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version === 0) throw broken(file, 'it is empty');
    const upToMs = db
      .prepare<[], number | null>(
        `SELECT max(at) FROM (SELECT max(at) AS at FROM audit
         UNION ALL SELECT max(started_at) FROM run UNION ALL SELECT max(finished_at) FROM run)`,
      )
      .pluck()
      .get();
    return { sizeBytes: size.size, version, upToMs: upToMs ?? null };
  } catch (error) {
    const known = asStoreFault(error, file);
    if (known instanceof Fault && known.code === 'database-corrupt') throw broken(file, known.message);
    throw known;
  } finally {
    db?.close();
  }
}

function broken(file: string, why: string): Fault {
  return new Fault('database-corrupt', `${file} is not a healthy backup: ${why}`, {
    hint: 'Choose another one: "backup --list".',
  });
}
