import Database from 'better-sqlite3';
import type { DatabaseFormat, Migration, WritableDatabase } from './database-format.ts';
import { isEmpty, requireOwnFormat, versionOf } from './open-for-writing.ts';
import { schemaOf, type SchemaPart } from './schema-of.ts';

export interface MigrationHooks {
  /** Called before the transaction, for a backup. Version 0 is a new database. */
  readonly before?: (version: number, newest: number) => void;
  /** Called in the transaction, when the schema has the newest version. */
  readonly after?: () => void;
}

/**
 * Migrates the schema of a database to the newest version in one transaction. Several processes may call this at the same
 * time. Returns false when the schema has the newest version already.
 *
 * ```ts
 * migrateDatabase(db, STATION_FORMAT, { before: (version) => copyBefore(db, version) });
 * ```
 *
 * Faults: `database-corrupt` when a migration fails, because the tables are not those of the stored version;
 * `database-future`. Errors: those of SQLite, unconverted.
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
      // Another process may have migrated the database before this one got the lock.
      requireOwnFormat(db, format);
      const version = versionOf(db);
      if (version >= newest) return false;
      if (!createNewestSchema(db, format.migrations))
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

/** Creates the newest schema in an empty database, with the rows that migrations write. False when it is not empty. */
function createNewestSchema(db: WritableDatabase, migrations: readonly Migration[]): boolean {
  if (!isEmpty(db)) return false;
  const { parts, rows } = schemaOf(migrations);
  // Triggers come last: what they wrote is among the rows already.
  const isTrigger = ({ type }: SchemaPart): boolean => type === 'trigger';
  db.exec(sqlOf(parts.filter((part) => !isTrigger(part))));
  for (const { table, cells } of rows) {
    const columns = Object.keys(cells);
    db.prepare(
      `INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join()}) VALUES (${columns.map(() => '?').join()})`,
    ).run(...Object.values(cells));
  }
  db.exec(sqlOf(parts.filter(isTrigger)));
  return true;
}

function sqlOf(parts: readonly SchemaPart[]): string {
  return parts.map(({ sql }) => `${sql};\n`).join('');
}

/** Errors of the SQL of a migration become `database-corrupt`, because the schema is not that of its version. */
function apply(db: WritableDatabase, { corrupt }: DatabaseFormat, version: number, { sql }: Migration): void {
  try {
    db.exec(sql);
  } catch (error) {
    const isSqlError = error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR';
    if (!isSqlError || version === 0) throw error;
    throw corrupt(db.name, `its tables are not those of its version ${version} (${error.message})`, error);
  }
}
