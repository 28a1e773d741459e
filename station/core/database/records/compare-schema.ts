import { type Migration, readSchema, schemaOf, type SchemaPart } from '#node-kit/sqlite/index.ts';
import type { Db } from '../db.ts';
import { MIGRATIONS } from '../migrations/index.ts';

/** A table, an index or a trigger that differs from that of the migrations. */
export interface SchemaDifference {
  readonly type: string;
  readonly name: string;
  readonly what: 'changed' | 'missing' | 'added';
}

/** With the statement of the migrations that makes it; null where they make nothing of this name. */
export interface SchemaRepair extends SchemaDifference {
  readonly sql: string | null;
}

/** Compares the schema with that of a new database of the same migrations, except for SQLite's own tables. */
export function compareSchema(db: Db): SchemaDifference[] {
  return findRepairs(db).map(({ type, name, what }) => ({ type, name, what }));
}

/** As `compareSchema`, with the statements of the repair. */
export function findRepairs(db: Db): SchemaRepair[] {
  const version = Number(db.pragma('user_version', { simple: true }));
  const wanted = byId(schemaOf(migrationsUpTo(version)).parts);
  const actual = byId(readSchema(db));
  const ids = [...new Set([...wanted.keys(), ...actual.keys()])].sort();
  return ids.flatMap((id): SchemaRepair[] => {
    const [expected, present] = [wanted.get(id), actual.get(id)];
    const object = present ?? expected;
    if (
      object === undefined ||
      (expected !== undefined && present !== undefined && isSame(expected, present))
    )
      return [];
    const what = present === undefined ? 'missing' : expected === undefined ? 'added' : 'changed';
    return [{ type: object.type, name: object.name, what, sql: expected?.sql ?? null }];
  });
}

/** The list itself for the newest version, whose schema was computed when the database was opened. */
function migrationsUpTo(version: number): readonly Migration[] {
  const upTo = MIGRATIONS.filter((migration) => migration.version <= version);
  return upTo.length === MIGRATIONS.length ? MIGRATIONS : upTo;
}

function byId(parts: readonly SchemaPart[]): ReadonlyMap<string, SchemaPart> {
  return new Map(parts.map((part) => [`${part.type} ${part.name}`, part]));
}

function isSame(a: SchemaPart, b: SchemaPart): boolean {
  return a.table === b.table && (a.sql === b.sql || inOneLine(a.sql) === inOneLine(b.sql));
}

/** Comments are removed, because in one line a comment would include the statement that follows it. */
const inOneLine = (sql: string): string =>
  sql
    .replaceAll(/'(?:[^']|'')*'|"[^"]*"|--[^\n]*/g, (part) => (part.startsWith('--') ? ' ' : part))
    .replaceAll(/\s+/g, ' ');
