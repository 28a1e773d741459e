import Database from 'better-sqlite3';
import type { DatabaseFormat, Migration, WritableDatabase } from './database-format.ts';
import { isEmpty, requireOwnFormat, versionOf } from './open-for-writing.ts';
import { schemaOf } from './schema-of.ts';

export interface MigrationHooks {
  /** Called before anything is changed, outside of the transaction: for a backup. Version 0 is a new database. */
  readonly before?: (version: number, newest: number) => void;
  /** Called when the schema is that of the newest version, inside of the transaction. */
  readonly after?: () => void;
}

/**
 * Brings the schema of a database to the newest version, in one transaction: all steps or none. Several processes may do
 * this at once. Returns false when there was nothing to do.
 *
 * ```ts
 * migrateDatabase(db, STATION_FORMAT, { before: (version) => copyBefore(db, version) });
 * ```
 *
 * Faults: `database-corrupt` when a step does not fit, because the tables are not those of the version;
 * `database-future`; those of SQLite, as they are.
 */
export function migrateDatabase(
  db: WritableDatabase,
  format: DatabaseFormat,
  { before, after }: MigrationHooks = {},
): boolean {
  const newest = format.migrations.at(-1)?.version ?? 0;
  if (versionOf(db) >= newest) return false;
  before?.(versionOf(db), newest);
  return db
    .transaction(() => {
      // Another process may have migrated it before this one had the lock.
      requireOwnFormat(db, format);
      const version = versionOf(db);
      if (version >= newest) return false;
      if (!makeAtOnce(db, format.migrations))
        for (const migration of format.migrations) {
          if (migration.version > version) apply(db, format, version, migration);
        }
      db.pragma(`user_version = ${newest}`);
      after?.();
      db.pragma(`application_id = ${format.applicationId}`);
      return true;
    })
    .immediate();
}

/** Makes in an empty database what all steps make. False when it is not empty, or when the steps also write rows. */
function makeAtOnce(db: WritableDatabase, migrations: readonly Migration[]): boolean {
  if (!isEmpty(db)) return false;
  const { parts, hasRows } = schemaOf(migrations);
  if (hasRows) return false;
  for (const { sql } of parts) db.exec(sql);
  return true;
}

/** A step that does not fit was tried on a schema that is not the one of its version. */
function apply(db: WritableDatabase, { corrupt }: DatabaseFormat, version: number, { sql }: Migration): void {
  try {
    db.exec(sql);
  } catch (error) {
    const other = !(error instanceof Database.SqliteError) || error.code !== 'SQLITE_ERROR';
    if (other || version === 0) throw error;
    throw corrupt(db.name, `its tables are not those of its version ${version} (${error.message})`, error);
  }
}
