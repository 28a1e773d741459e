import { openBackup } from './open-backup.ts';
import { asStationDatabaseFault } from './database-fault.ts';
import type { UserRow } from './users.ts';

/** What a backup has, as far as a person needs it to decide about a restore. */
export interface BackupContent {
  readonly runs: number;
  /** Number of its triples that `isKnown` knows. */
  readonly knownTriples: number;
  /** Number of triples by state. */
  readonly triples: Readonly<Record<string, number>>;
  /** Those who can sign in. */
  readonly users: readonly Omit<UserRow, 'pinHash'>[];
}

/** Reads a backup that `checkBackup` accepted. Tables that its version does not have count as empty. Faults: those of SQLite. */
export function readBackupContent(
  file: string,
  isKnown: (productId: string, deviceName: string) => boolean,
): BackupContent {
  try {
    using backup = openBackup(file);
    const { db } = backup;
    const tables = new Set(
      db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all(),
    );
    const runs = db.prepare<[], number>('SELECT count(*) FROM run').pluck().get() ?? 0;
    const states = db
      .prepare<[], { state: string; count: number }>(
        'SELECT state, count(*) AS count FROM triple GROUP BY state',
      )
      .all();
    const names = db.prepare<[], { productId: string; deviceName: string }>(
      'SELECT product_id AS productId, device_name AS deviceName FROM triple',
    );
    let knownTriples = 0;
    for (const { productId, deviceName } of names.iterate())
      if (isKnown(productId, deviceName)) knownTriples += 1;
    const columns = db.prepare<[], string>("SELECT name FROM pragma_table_info('person')").pluck().all();
    const isEnabled = columns.includes('disabled_at') ? 'AND disabled_at IS NULL' : '';
    const users = tables.has('person')
      ? db
          .prepare<[], Omit<UserRow, 'pinHash'>>(
            `SELECT name, role FROM person WHERE removed_at IS NULL ${isEnabled} ORDER BY name`,
          )
          .all()
      : [];
    const triples = Object.fromEntries(states.map(({ state, count }) => [state, count]));
    return { runs, knownTriples, triples, users };
  } catch (error) {
    throw asStationDatabaseFault(error, file);
  }
}
