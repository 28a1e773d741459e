import type { Db } from './database.ts';

/** Single values of the station: its name, its registry, the active batch. */
export function createMetaRepository(db: Db) {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
  const set = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM meta WHERE key = ?');
  return {
    get: (key: string): string | null => get.get(key)?.value ?? null,
    set: (key: string, value: string): void => void set.run(key, value),
    remove: (key: string): void => void remove.run(key),
  };
}

/** Data keys, wrapped by the host's SecretBox. */
export function createSecretKeyRepository(db: Db) {
  const all = db.prepare<[], { keyId: number; wrapped: Buffer }>(
    'SELECT key_id AS keyId, wrapped FROM secret_key ORDER BY key_id',
  );
  const remove = db.prepare('DELETE FROM secret_key WHERE key_id = ?');
  const add = db.prepare('INSERT INTO secret_key (key_id, wrapped, created_at) VALUES (?, ?, ?)');
  return {
    list: () => all.all(),
    remove: (keyId: number): void => void remove.run(keyId),
    add: (keyId: number, wrapped: Uint8Array, at: number): void => void add.run(keyId, wrapped, at),
  };
}
