import Database from 'better-sqlite3';
import type { Db } from '../db.ts';
import { MIGRATIONS } from '../migrations/index.ts';

/** A table, an index or a trigger that is not what the migrations make. */
export interface SchemaDifference {
  readonly type: string;
  readonly name: string;
  readonly what: 'changed' | 'missing' | 'added';
}

/** Compares the schema with that of a database that the same migrations make anew. Only what SQLite keeps for itself is left out. */
export function compareSchema(db: Db): SchemaDifference[] {
  const version = Number(db.pragma('user_version', { simple: true }));
  const model = new Database(':memory:');
  try {
    for (const migration of MIGRATIONS)
      if (migration.version <= version) model.transaction(() => model.exec(migration.sql))();
    const wanted = readSchema(model);
    const found = readSchema(db);
    const names = [...new Set([...wanted.keys(), ...found.keys()])].sort();
    return names.flatMap((id): SchemaDifference[] => {
      const [type, name] = [id.slice(0, id.indexOf(' ')), id.slice(id.indexOf(' ') + 1)];
      const [want, have] = [wanted.get(id), found.get(id)];
      if (want === have) return [];
      return [
        { type, name, what: have === undefined ? 'missing' : want === undefined ? 'added' : 'changed' },
      ];
    });
  } finally {
    model.close();
  }
}

function readSchema(db: Db): Map<string, string> {
  const rows = db
    .prepare<[], { id: string; sql: string }>(
      `SELECT type || ' ' || name AS id, tbl_name || ': ' || sql AS sql FROM main.sqlite_schema
       WHERE name NOT LIKE 'sqlite_%'`,
    )
    .all();
  return new Map(rows.map(({ id, sql }) => [id, sql.replaceAll(/\s+/g, ' ')]));
}
