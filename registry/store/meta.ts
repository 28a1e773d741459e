import type { Db } from './open-database.ts';

/** Settings of the database. */
export interface MetaTable {
  get(name: string): Uint8Array | null;
  set(name: string, value: Uint8Array): void;
}

export function metaTable(db: Db): MetaTable {
  const select = db.prepare<[string], Uint8Array>('SELECT value FROM meta WHERE name = ?').pluck();
  const upsert = db.prepare<[string, Uint8Array]>(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (name) => select.get(name) ?? null,
    set: (name, value) => void upsert.run(name, value),
  };
}
