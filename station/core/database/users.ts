import type { Role } from '#shared/rpc/index.ts';
import type { Db } from './database.ts';

export interface UserRow {
  readonly name: string;
  readonly role: Role;
  readonly pinHash: string;
}

/** A user with all that is known about the account; times in Unix milliseconds. */
export interface UserAccountRow extends UserRow {
  /** A disabled user cannot sign in and approves nothing; null for an enabled one. */
  readonly disabledAtMs: number | null;
  readonly badgeHash: string | null;
  readonly badgeShape: string | null;
  readonly lastSignInAtMs: number | null;
  readonly pinResetAtMs: number | null;
}

const ACCOUNT = `name, role, pin_hash AS pinHash, disabled_at AS disabledAtMs, badge_hash AS badgeHash,
  badge_shape AS badgeShape, last_sign_in_at AS lastSignInAtMs, pin_reset_at AS pinResetAtMs`;

/** Who may sign in at this station. A removed user's name stays in the records and can be added again. */
export function createUserRepository(db: Db) {
  const enabled = db.prepare<[], UserRow>(
    `SELECT name, role, pin_hash AS pinHash FROM person
     WHERE removed_at IS NULL AND disabled_at IS NULL ORDER BY name`,
  );
  const enabledByName = db.prepare<[string], UserRow>(
    `SELECT name, role, pin_hash AS pinHash FROM person
     WHERE name = ? AND removed_at IS NULL AND disabled_at IS NULL`,
  );
  const accounts = db.prepare<[], UserAccountRow>(
    `SELECT ${ACCOUNT} FROM person WHERE removed_at IS NULL ORDER BY name`,
  );
  const accountByName = db.prepare<[string], UserAccountRow>(
    `SELECT ${ACCOUNT} FROM person WHERE name = ? AND removed_at IS NULL`,
  );
  // A user who was removed comes back without what belonged to the account before.
  const put = db.prepare(`
    INSERT INTO person (name, role, pin_hash, created_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET role = excluded.role, pin_hash = excluded.pin_hash, wrong_in_a_row = 0,
      disabled_at = CASE WHEN removed_at IS NULL THEN disabled_at END,
      badge_hash = CASE WHEN removed_at IS NULL THEN badge_hash END,
      badge_shape = CASE WHEN removed_at IS NULL THEN badge_shape END,
      last_sign_in_at = CASE WHEN removed_at IS NULL THEN last_sign_in_at END,
      pin_reset_at = CASE WHEN removed_at IS NULL THEN pin_reset_at END,
      removed_at = NULL`);
  const remove = db.prepare(
    'UPDATE person SET removed_at = ?, badge_hash = NULL, badge_shape = NULL WHERE name = ? AND removed_at IS NULL',
  );
  const setRole = db.prepare('UPDATE person SET role = ? WHERE name = ?');
  const setDisabled = db.prepare('UPDATE person SET disabled_at = ? WHERE name = ?');
  const setBadge = db.prepare('UPDATE person SET badge_hash = ?, badge_shape = ? WHERE name = ?');
  const setSignedIn = db.prepare('UPDATE person SET last_sign_in_at = ?, wrong_in_a_row = 0 WHERE name = ?');
  const setPinReset = db.prepare('UPDATE person SET pin_reset_at = ? WHERE name = ?');
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
    /** The enabled users. */
    list: () => enabled.all(),
    /** An enabled user. */
    findByName: (name: string) => enabledByName.get(name) ?? null,
    /** All users, disabled ones too. */
    listAccounts: () => accounts.all(),
    findAccount: (name: string) => accountByName.get(name) ?? null,
    put: (user: UserRow, at: number): void => void put.run(user.name, user.role, user.pinHash, at),
    setRole: (name: string, role: Role): void => void setRole.run(role, name),
    /** @param at when the user was disabled; null to enable */
    setDisabled: (name: string, at: number | null): void => void setDisabled.run(at, name),
    setBadge: (name: string, badge: { readonly hash: string; readonly shape: string } | null): void =>
      void setBadge.run(badge?.hash ?? null, badge?.shape ?? null, name),
    /** The user has signed in: the wrong PINs in a row are over. */
    setSignedIn: (name: string, at: number): void => void setSignedIn.run(at, name),
    setPinReset: (name: string, at: number): void => void setPinReset.run(at, name),
    /** False when there is no such user. */
    remove: (name: string, at: number): boolean => remove.run(at, name).changes === 1,
  };
}
