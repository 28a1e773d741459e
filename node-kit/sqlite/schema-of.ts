import Database from 'better-sqlite3';
import type { Migration, ReadableDatabase } from './database-format.ts';

/** A table, an index, a trigger or a view, with the statement that creates it. */
export interface SchemaPart {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

export interface Schema {
  /** In an order in which they can be created. */
  readonly parts: readonly SchemaPart[];
  /** The rows that the migrations write, in the order of their tables. */
  readonly rows: readonly SchemaRow[];
}

/** A row that a migration writes in each database. */
export interface SchemaRow {
  readonly table: string;
  readonly cells: Readonly<Record<string, unknown>>;
}

/** Schemas by migrations. Running the migrations takes longer than opening a database. */
const SCHEMAS = new WeakMap<readonly Migration[], Schema>();

/** The schema that these migrations create in an empty database; cached by list. Errors: those of SQLite. */
export function schemaOf(migrations: readonly Migration[]): Schema {
  const cached = SCHEMAS.get(migrations);
  if (cached !== undefined) return cached;
  const model = new Database(':memory:');
  try {
    for (const { sql } of migrations) model.transaction(() => model.exec(sql))();
    const parts = readSchema(model);
    const rows = parts.flatMap(({ type, name }) => (type === 'table' ? rowsOf(model, name) : []));
    const schema = { parts, rows };
    SCHEMAS.set(migrations, schema);
    return schema;
  } finally {
    model.close();
  }
}

/**
 * The schema of this database, without the objects that SQLite creates for ANALYZE, AUTOINCREMENT and UNIQUE. They are
 * excluded by their exact names, so that a table with a similar name is in the result.
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

function rowsOf(db: ReadableDatabase, table: string): SchemaRow[] {
  const cells = db.prepare<[], SchemaRow['cells']>(`SELECT * FROM "${table}"`).safeIntegers().all();
  return cells.map((row) => ({ table, cells: row }));
}
