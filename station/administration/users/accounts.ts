import type { UserAccount, UserView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor, Role, Session } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { UserAccountRow, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { checkedBadgeCode, hashBadge } from './badge.ts';
import { checkedName, checkedPin } from './names.ts';
import { hashPin, type HashingPlatform } from './pin.ts';

export interface AccountsOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock'> & HashingPlatform;
  readonly audit: AuditTrail;
  /**
   * What the user signed in with, or may do, is no longer so: their sessions end, except `own`, in which they changed
   * it themselves.
   */
  readonly onLoss: (name: string, why: AccountLoss, own: Session | null) => void;
}

/** What an account has lost: the sessions of its user end. */
export type AccountLoss = 'removed' | 'disabled' | 'role' | 'pin' | 'badge';

export type AccountChange = 'add' | 'pin' | 'pin-reset' | 'remove' | 'role' | 'disable' | 'enable' | 'badge';

/**
 * The accounts of the users. Each change is one entry of the audit trail, in the transaction of the change. `own` is the
 * session of the page that asks for a change, null for a terminal.
 */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** The enabled users. */
  users(): UserView[] {
    return this.#options.database.users.list().map(({ name, role }) => ({ name, role }));
  }

  /** @param signedIn where a user is signed in */
  list(signedIn: (name: string) => UserAccount['signedIn']): UserAccount[] {
    return this.#options.database.users.listAccounts().map((row) => viewOf(row, signedIn(row.name)));
  }

  /** Faults: `bad-input` for an invalid name or PIN, and for a name that exists. */
  add(name: string, role: Role, pin: string, by: Actor): Promise<UserView> {
    return this.#add({ name: checkedName(name), role }, pin, by, () => undefined);
  }

  /** Adds an engineer to a station without users. Faults: `bad-input`, `already-set-up`. */
  addFirst(name: string, pin: string): Promise<UserView> {
    const { users } = this.#options.database;
    const first = checkedName(name);
    const requireNobody = (): void => {
      if (users.listAccounts().length > 0)
        throw new Fault('already-set-up', 'this station has users already', {
          hint: 'Sign in; an engineer adds further users on the page of the users.',
        });
    };
    requireNobody();
    // Without another user, they add themselves.
    return this.#add(
      { name: first, role: 'engineer' },
      pin,
      { user: first, role: 'engineer' },
      requireNobody,
    );
  }

  /** Changes a user's PIN and ends their sessions. Faults: `not-found`, `bad-input`. */
  async setPin(name: string, pin: string, by: Actor, own: Session | null = null): Promise<UserView> {
    return this.#renewPin(this.known(name), pin, { by, own, change: 'pin' });
  }

  /** Replaces a forgotten PIN at the computer; the account keeps the time. Faults: `bad-input`. */
  async resetPin(name: string, pin: string, by: Actor): Promise<UserView> {
    return this.#renewPin(this.known(name), pin, { by, own: null, change: 'pin-reset' });
  }

  /**
   * Stores a hash of a PIN that the user chose when they signed in. Called inside a transaction; the caller ends the other
   * sessions of the user after it.
   */
  storePin({ name }: { readonly name: string }, pinHash: string, by: Actor): void {
    this.#storePin(name, pinHash, by, 'pin');
  }

  /** Changes the role and ends the sessions of the user. Faults: `not-found`, `last-engineer`. */
  setRole(name: string, role: Role, by: Actor, own: Session | null = null): UserView {
    const { database, onLoss } = this.#options;
    const user = this.known(name);
    if (user.role === role) return { name: user.name, role };
    database.transaction(() => {
      if (role !== 'engineer') this.#requireOtherEngineer(user);
      database.users.setRole(user.name, role);
      this.#record(by, 'role', user, { from: user.role, to: role });
    });
    onLoss(user.name, 'role', own);
    return { name: user.name, role };
  }

  /** Disabling ends the sessions of the user. Faults: `not-found`, `last-engineer`. */
  setEnabled(name: string, enabled: boolean, by: Actor, own: Session | null = null): UserView {
    const { database, platform, onLoss } = this.#options;
    const user = this.known(name);
    const view = { name: user.name, role: user.role };
    if ((user.disabledAtMs === null) === enabled) return view;
    database.transaction(() => {
      if (!enabled) this.#requireOtherEngineer(user);
      database.users.setDisabled(user.name, enabled ? null : platform.clock.nowMs());
      this.#record(by, enabled ? 'enable' : 'disable', user);
    });
    if (!enabled) onLoss(user.name, 'disabled', own);
    return view;
  }

  /**
   * Assigns a badge, or removes it with `null`. The sessions of a user end when the badge is not theirs any more.
   * Faults: `not-found`, `bad-input`, `badge-taken`.
   */
  async setBadge(
    name: string,
    code: string | null,
    by: Actor,
    own: Session | null = null,
  ): Promise<UserView> {
    const { database, platform, onLoss } = this.#options;
    this.known(name);
    const badge = code === null ? null : await hashBadge(checkedBadgeCode(code), database, platform);
    // While the code was hashed the user may have been removed.
    const user = this.known(name);
    database.transaction(() => {
      const owner = badge === null ? null : this.ownerOf(badge.hash);
      if (owner !== null && owner.name !== user.name)
        throw new Fault('badge-taken', `this badge belongs to ${owner.name}`, {
          hint: `Remove it from ${owner.name} first, or scan another badge.`,
          details: { name: owner.name },
        });
      database.users.setBadge(user.name, badge);
      this.#record(by, 'badge', user, { badge: badge === null ? 'removed' : 'assigned' });
    });
    if (user.badgeHash !== null && user.badgeHash !== badge?.hash) onLoss(user.name, 'badge', own);
    return { name: user.name, role: user.role };
  }

  /** The user with this badge, also a disabled one. */
  ownerOf(badgeHash: string): UserAccountRow | null {
    return this.#options.database.users.listAccounts().find((row) => row.badgeHash === badgeHash) ?? null;
  }

  /** Whether an enabled user has a badge of this shape. */
  hasBadgeOf(shape: string): boolean {
    const { users } = this.#options.database;
    return users.listAccounts().some((row) => row.badgeShape === shape && row.disabledAtMs === null);
  }

  /**
   * Removes a user and ends their sessions; the records of their work keep the name. For a terminal.
   * Faults: `not-found`, `last-engineer`.
   */
  remove(name: string, by: Actor): UserView {
    const { database, platform, onLoss } = this.#options;
    const user = this.known(name);
    database.transaction(() => {
      this.#requireOtherEngineer(user);
      database.users.remove(user.name, platform.clock.nowMs());
      this.#record(by, 'remove', user);
    });
    onLoss(user.name, 'removed', null);
    return { name: user.name, role: user.role };
  }

  /** Faults: `not-found`. */
  known(name: string): UserAccountRow {
    const checked = checkedName(name);
    const user = this.#options.database.users.findAccount(checked);
    if (user !== null) return user;
    throw new Fault('not-found', `there is no user ${checked} at this station`, {
      hint: 'List them with "user list".',
    });
  }

  async #add(
    user: { readonly name: string; readonly role: Role },
    pin: string,
    by: Actor,
    requireAllowed: () => void,
  ): Promise<UserView> {
    const { database, platform } = this.#options;
    const pinHash = await hashPin(checkedPin(pin, user.role), platform);
    database.transaction(() => {
      requireAllowed();
      if (database.users.findAccount(user.name) !== null) {
        throw new Fault('bad-input', `there is already a user ${user.name} at this station`, {
          hint: 'Take another name, or remove the user first.',
        });
      }
      database.users.put({ ...user, pinHash }, platform.clock.nowMs());
      this.#record(by, 'add', user);
    });
    return { name: user.name, role: user.role };
  }

  async #renewPin(
    user: UserAccountRow,
    pin: string,
    { by, own, change }: { by: Actor; own: Session | null; change: 'pin' | 'pin-reset' },
  ): Promise<UserView> {
    const pinHash = await hashPin(checkedPin(pin, user.role), this.#options.platform);
    this.#storePin(user.name, pinHash, by, change);
    this.#options.onLoss(user.name, 'pin', own);
    return { name: user.name, role: user.role };
  }

  #storePin(name: string, pinHash: string, by: Actor, change: 'pin' | 'pin-reset'): void {
    const { database, platform } = this.#options;
    // The role may have changed while the PIN was hashed.
    const user = this.known(name);
    database.transaction(() => {
      database.users.put({ name: user.name, role: user.role, pinHash }, platform.clock.nowMs());
      if (change === 'pin-reset') database.users.setPinReset(user.name, platform.clock.nowMs());
      this.#record(by, change, user);
    });
  }

  /** An engineer must be able to manage the station. Faults: `last-engineer`. */
  #requireOtherEngineer(user: UserAccountRow): void {
    if (user.role !== 'engineer' || user.disabledAtMs !== null) return;
    const others = this.users().filter(({ name, role }) => role === 'engineer' && name !== user.name);
    if (others.length > 0) return;
    throw new Fault('last-engineer', `${user.name} is the last engineer who can sign in`, {
      hint: 'Add another engineer first.',
      details: { name: user.name },
    });
  }

  /**
   * Trails of earlier versions name these acts `person.…`: one act keeps one name in a trail that is never changed.
   */
  #record(
    by: Actor,
    change: AccountChange,
    { name, role }: { readonly name: string; readonly role: Role },
    details: Record<string, string> = {},
  ): void {
    const { database, audit } = this.#options;
    database.transaction(() =>
      audit.append({
        actor: by.user,
        role: by.role,
        action: `person.${change}`,
        subject: name,
        details: { role, ...details },
      }),
    );
  }
}

export function viewOf(row: UserAccountRow, signedIn: UserAccount['signedIn']): UserAccount {
  return {
    name: row.name,
    role: row.role,
    enabled: row.disabledAtMs === null,
    hasBadge: row.badgeHash !== null,
    lastSignInAtMs: row.lastSignInAtMs,
    pinResetAtMs: row.pinResetAtMs,
    signedIn,
  };
}
