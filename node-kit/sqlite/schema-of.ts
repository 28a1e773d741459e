import Database from 'better-sqlite3';
import type { Migration, ReadableDatabase } from './database-format.ts';

/** A table, an index, a trigger or a view, with the statement that makes it. */
export interface SchemaPart {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

export interface Schema {
  /** In an order in which they can be made. */
  readonly parts: readonly SchemaPart[];
  /** Whether the migrations also write rows. */
  readonly hasRows: boolean;
}

/** What migrations make depends on them alone. To run them costs more than to open a database. */
const SCHEMAS = new WeakMap<readonly Migration[], Schema>();

/** The schema that these migrations make in an empty database; the same list is run once. Throws what SQLite throws. */
export function schemaOf(migrations: readonly Migration[]): Schema {
  const known = SCHEMAS.get(migrations);
  if (known !== undefined) return known;
  const model = new Database(':memory:');
  try {
    for (const { sql } of migrations) model.transaction(() => model.exec(sql))();
    const parts = readSchema(model);
    const hasRows = parts.some(
      ({ type, name }) =>
        type === 'table' && model.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get() !== undefined,
    );
    const schema = { parts, hasRows };
    SCHEMAS.set(migrations, schema);
    return schema;
  } finally {
    model.close();
  }
}

/**
 * The schema of this database. What ANALYZE, the counters of keys and UNIQUE make are SQLite's own, each by its whole
 * name: one that only looks like it is in the result.
 */
export function readSchema(db: ReadableDatabase): SchemaPart[] {
  return db
    .prepare<[], SchemaPart>(
      `SELECT type, name, tbl_name AS "table", coalesce(sql, '') AS sql FROM main.sqlite_schema
       WHERE NOT (type = 'index' AND sql IS NULL AND name GLOB 'sqlite_autoindex_*')
         AND NOT (type = 'table' AND name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'))
       ORDER BY rowid`,
    )
    .all();
}
