import type { Role } from '#shared/rpc/index.ts';
import type { Db } from './database.ts';

export interface UserRow {
  readonly name: string;
  readonly role: Role;
  readonly pinHash: string;
}

/** Who may sign in at this station. A removed user's name stays in the records and can be added again. */
export function createUserRepository(db: Db) {
  const all = db.prepare<[], UserRow>(
    'SELECT name, role, pin_hash AS pinHash FROM person WHERE removed_at IS NULL ORDER BY name',
  );
  const byName = db.prepare<[string], UserRow>(
    'SELECT name, role, pin_hash AS pinHash FROM person WHERE name = ? AND removed_at IS NULL',
  );
  const put = db.prepare(`
    INSERT INTO person (name, role, pin_hash, created_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET role = excluded.role, pin_hash = excluded.pin_hash, removed_at = NULL, wrong_in_a_row = 0`);
  const remove = db.prepare('UPDATE person SET removed_at = ? WHERE name = ? AND removed_at IS NULL');
  const wrongPins = db.prepare<[], { name: string; count: number }>(
    'SELECT name, wrong_in_a_row AS count FROM person WHERE removed_at IS NULL AND wrong_in_a_row > 0',
  );
  const setWrongPins = db.prepare('UPDATE person SET wrong_in_a_row = ? WHERE name = ?');
  const ever = db.prepare('SELECT 1 FROM person LIMIT 1');
  return {
    /** Wrong PINs in a row of each user with any. */
    listWrongPins: (): ReadonlyMap<string, number> =>
      new Map(wrongPins.all().map(({ name, count }) => [name, count])),
    setWrongPins: (name: string, count: number): void => void setWrongPins.run(count, name),
    /** Whether a user was ever added, also one that was removed. */
    hasEverExisted: (): boolean => ever.get() !== undefined,
    list: () => all.all(),
    findByName: (name: string) => byName.get(name) ?? null,
    put: (user: UserRow, at: number): void => void put.run(user.name, user.role, user.pinHash, at),
    /** False when there is no such user. */
    remove: (name: string, at: number): boolean => remove.run(at, name).changes === 1,
  };
}
