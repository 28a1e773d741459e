import Database from 'better-sqlite3';
import type { Db } from '../db.ts';
import { MIGRATIONS } from '../migrations/index.ts';

/** A table, an index or a trigger that is not what the migrations make. */
export interface SchemaDifference {
  readonly type: string;
  readonly name: string;
  readonly what: 'changed' | 'missing' | 'added';
}

/** With the statement that makes what the migrations make; null where they make nothing of that name. */
export interface SchemaRepair extends SchemaDifference {
  readonly sql: string | null;
}

interface Part {
  readonly type: string;
  readonly name: string;
  readonly tbl: string;
  readonly sql: string;
}

/** Compares the schema with that of a database that the same migrations make anew. Only what SQLite keeps for itself is left out. */
export function compareSchema(db: Db): SchemaDifference[] {
  return findRepairs(db).map(({ type, name, what }) => ({ type, name, what }));
}

/** The same, with what would put it right. */
export function findRepairs(db: Db): SchemaRepair[] {
  const version = Number(db.pragma('user_version', { simple: true }));
  const model = new Database(':memory:');
  try {
    for (const migration of MIGRATIONS)
      if (migration.version <= version) model.transaction(() => model.exec(migration.sql))();
    const wanted = readSchema(model);
    const found = readSchema(db);
    const ids = [...new Set([...wanted.keys(), ...found.keys()])].sort();
    return ids.flatMap((id): SchemaRepair[] => {
      const [want, have] = [wanted.get(id), found.get(id)];
      const one = have ?? want;
      if (one === undefined || (want !== undefined && have !== undefined && isSame(want, have))) return [];
      const what = have === undefined ? 'missing' : want === undefined ? 'added' : 'changed';
      return [{ type: one.type, name: one.name, what, sql: want?.sql ?? null }];
    });
  } finally {
    model.close();
  }
}

function isSame(a: Part, b: Part): boolean {
  return a.tbl === b.tbl && inOneLine(a.sql) === inOneLine(b.sql);
}

/** Without its comments: what stood behind one would be part of it when only the end of its line was taken away. */
const inOneLine = (sql: string): string =>
  sql
    .replaceAll(/'(?:[^']|'')*'|"[^"]*"|--[^\n]*/g, (part) => (part.startsWith('--') ? ' ' : part))
    .replaceAll(/\s+/g, ' ');

/** What ANALYZE, the counters of keys and UNIQUE make are SQLite's own, each by its whole name: one that only looks like it is not. */
function readSchema(db: Db): Map<string, Part> {
  const parts = db
    .prepare<[], Part>(
      `SELECT type, name, tbl_name AS tbl, coalesce(sql, '') AS sql FROM main.sqlite_schema
       WHERE NOT (type = 'index' AND sql IS NULL AND name GLOB 'sqlite_autoindex_*')
         AND NOT (type = 'table' AND name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'))`,
    )
    .all();
  return new Map(parts.map((part) => [`${part.type} ${part.name}`, part]));
}
