import { readBeside } from '#node-kit/sqlite/index.ts';
import { openBackup } from './open-backup.ts';
import { asStationDatabaseFault } from './database-fault.ts';
import type { UserRow } from './users.ts';

/** What a backup has, as far as a person needs it to decide about a restore. */
export interface BackupContent {
  readonly runs: number;
  /** Number of its triples that the present database has, too. */
  readonly knownTriples: number;
  /** Number of triples by state. */
  readonly triples: Readonly<Record<string, number>>;
  /** Those who can sign in. */
  readonly users: readonly Omit<UserRow, 'pinHash'>[];
}

/**
 * Reads a backup that `checkBackup` accepted, in a thread of its own. Tables that its version does not have count as empty.
 * Faults: those of SQLite, the signal's reason.
 *
 * @param present the database whose triples are known
 */
export async function readBackupContent(
  file: string,
  present: string,
  signal: AbortSignal,
): Promise<BackupContent> {
  try {
    using backup = openBackup(file);
    await using reader = readBeside(backup.path, signal);
    const [runs] = await reader.all<{ count: number }>('SELECT count(*) AS count FROM run');
    const states = await reader.all<{ state: string; count: number }>(
      'SELECT state, count(*) AS count FROM triple GROUP BY state',
    );
    const columns = await reader.all<{ name: string }>("SELECT name FROM pragma_table_info('person')");
    const isEnabled = columns.some(({ name }) => name === 'disabled_at') ? 'AND disabled_at IS NULL' : '';
    const users =
      columns.length === 0
        ? []
        : await reader.all<Omit<UserRow, 'pinHash'>>(
            `SELECT name, role FROM person WHERE removed_at IS NULL ${isEnabled} ORDER BY name`,
          );
    // For reading only, as the connection itself.
    await reader.all('ATTACH ? AS present', present);
    const [known] = await reader.all<{ count: number }>(
      `SELECT count(*) AS count FROM main.triple own WHERE EXISTS (SELECT 1 FROM present.triple known
       WHERE known.product_id = own.product_id AND known.device_name = own.device_name)`,
    );
    const triples = Object.fromEntries(states.map(({ state, count }) => [state, count]));
    return { runs: runs?.count ?? 0, knownTriples: known?.count ?? 0, triples, users };
  } catch (error) {
    throw asStationDatabaseFault(error, file);
  }
}
