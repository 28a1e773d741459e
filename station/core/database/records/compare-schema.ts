import { type Migration, readSchema, schemaOf, type SchemaPart } from '#node-kit/sqlite/index.ts';
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

/** Compares the schema with that of a database that the same migrations make anew. Only what SQLite keeps for itself is left out. */
export function compareSchema(db: Db): SchemaDifference[] {
  return findRepairs(db).map(({ type, name, what }) => ({ type, name, what }));
}

/** The same, with what would put it right. */
export function findRepairs(db: Db): SchemaRepair[] {
  const version = Number(db.pragma('user_version', { simple: true }));
  const wanted = byId(schemaOf(migrationsUpTo(version)).parts);
  const found = byId(readSchema(db));
  const ids = [...new Set([...wanted.keys(), ...found.keys()])].sort();
  return ids.flatMap((id): SchemaRepair[] => {
    const [want, have] = [wanted.get(id), found.get(id)];
    const one = have ?? want;
    if (one === undefined || (want !== undefined && have !== undefined && isSame(want, have))) return [];
    const what = have === undefined ? 'missing' : want === undefined ? 'added' : 'changed';
    return [{ type: one.type, name: one.name, what, sql: want?.sql ?? null }];
  });
}

/** The list itself where all are meant: its schema is known since the database was opened. */
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

/** Without its comments: what stood behind one would be part of it when only the end of its line was taken away. */
const inOneLine = (sql: string): string =>
  sql
    .replaceAll(/'(?:[^']|'')*'|"[^"]*"|--[^\n]*/g, (part) => (part.startsWith('--') ? ' ' : part))
    .replaceAll(/\s+/g, ' ');
