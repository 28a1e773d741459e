import { Sequencer } from '#node-kit/async/index.ts';
import { contract, type UserView, type SessionView } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { type Actor, createTopic, type Role, type Session, type Topic } from '#shared/rpc/index.ts';
import type { Approve } from '../../core/approval/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { UserRow, WritableDatabase } from '../../core/database/index.ts';
import { createIdleMonitor, type IdleMonitor } from './idle-monitor.ts';
import { createLockOut, type FailedAttempts, type LockOut } from './lock-out.ts';
import { checkedName, checkedPin, isShort, minPinLength } from './names.ts';
import { hashPin, type HashingPlatform, verifyPin } from './pin.ts';
import { proveApprover } from './approval.ts';

export interface AccessOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'log'> & HashingPlatform;
  readonly audit: AuditTrail;
}

type SignOutReason = 'asked' | 'idle' | 'removed' | 'replaced';

/** Users and their sessions. Every change of either is in the audit trail. */
export class Access {
  readonly #options: AccessOptions;
  readonly #lockOut: LockOut;
  readonly #idle: IdleMonitor;
  readonly #signedIn = new Set<Session>();
  readonly #topics = new WeakMap<Session, Topic<SessionView, SessionView>>();
  /** A wrong PIN is counted before the next one is checked, and only one PIN is hashed at a time. */
  readonly #sequencer = new Sequencer();

  constructor(options: AccessOptions) {
    const { clock, log } = options.platform;
    this.#options = options;
    this.#lockOut = createLockOut(clock, options.database.users.listWrongPins());
    this.#idle = createIdleMonitor(clock, log, (session) => this.#leave(session, 'idle'));
  }

  users(): UserView[] {
    return this.#options.database.users.list().map(({ name, role }) => ({ name, role }));
  }

  /** Faults: `bad-input` for an invalid name or PIN, and for a name that exists. */
  async add(name: string, role: Role, pin: string, by: Actor): Promise<UserView> {
    const { database, platform } = this.#options;
    const user = { name: checkedName(name), role };
    const pinHash = await hashPin(checkedPin(pin, role), platform);
    database.transaction(() => {
      if (database.users.findByName(user.name) !== null) {
        throw new Fault('bad-input', `there is already a user ${user.name} at this station`, {
          hint: 'Take another name, or remove the user first.',
        });
      }
      database.users.put({ ...user, pinHash }, platform.clock.nowMs());
      this.#recordUser(by, 'add', user);
    });
    return user;
  }

  /** Changes a user's PIN. Faults: `not-found`, `bad-input`. */
  async setPin(name: string, pin: string, by: Actor): Promise<UserView> {
    const user = this.#known(checkedName(name));
    const pinHash = await hashPin(checkedPin(pin, user.role), this.#options.platform);
    this.#putPin(this.#known(user.name), pinHash, by);
    this.#lockOut.forget(user.name);
    return { name: user.name, role: user.role };
  }

  /** Removes a user and ends their sessions. Faults: `not-found`. */
  remove(name: string, by: Actor): UserView {
    const { database, platform } = this.#options;
    const user = this.#known(checkedName(name));
    database.transaction(() => {
      database.users.remove(user.name, platform.clock.nowMs());
      this.#recordUser(by, 'remove', user);
    });
    this.#lockOut.forget(user.name);
    for (const session of [...this.#signedIn])
      if (session.current.user === user.name) this.#leave(session, 'removed');
    return { name: user.name, role: user.role };
  }

  /**
   * Faults: `pin-wrong`, also for an unknown name; `pin-locked` after five wrong PINs, for longer each time; `pin-short` for a
   * PIN that an older version accepted: the caller repeats the call with `newPin`, which replaces it.
   */
  signIn(
    session: Session,
    name: string,
    pin: string,
    signal: AbortSignal,
    newPin?: string,
  ): Promise<SessionView> {
    const { database, platform } = this.#options;
    return this.#sequencer.run(async () => {
      throwIfAborted(signal);
      const typed = name.trim().normalize('NFC');
      const user = database.users.findByName(typed);
      this.#lockOut.check(typed, session);
      if (user === null || !(await verifyPin(pin, user.pinHash))) {
        this.#wrongPin(session.current, 'session', user, this.#lockOut.wrong(user?.name ?? null, session));
        throw wrong();
      }
      this.#lockOut.right(typed, session);
      const by: Actor<Role> = { role: user.role, user: user.name };
      const renewed = await renewedHash(user, pin, newPin, platform);
      // While the PIN was checked the page may have been closed, or the user been removed.
      throwIfAborted(signal);
      if (database.users.findByName(typed)?.pinHash !== user.pinHash) throw wrong();
      this.#leave(session, 'replaced');
      database.transaction(() => {
        database.users.setWrongPins(typed, 0);
        if (renewed !== null) this.#putPin(user, renewed, by);
        this.#record(by, 'session.sign-in', user.name, { role: user.role });
      });
      session.change(by);
      this.#signedIn.add(session);
      if (by.role !== 'operator') this.#idle.start(session);
      return this.view(session);
    });
  }

  /**
   * Takes over a session whose user signed in before the station was opened again. A user that this station does not
   * have with the same role is signed out.
   */
  adopt(session: Session): void {
    const { current, initial } = session;
    if (current === initial || this.#signedIn.has(session)) return;
    this.#signedIn.add(session);
    if (this.#options.database.users.findByName(current.user)?.role !== current.role)
      return this.#leave(session, 'removed');
    if (current.role !== 'operator') this.#idle.start(session);
  }

  /** Signs out: the session gets its first user again. */
  signOut(session: Session): SessionView {
    this.#leave(session, 'asked');
    return this.view(session);
  }

  /** See `proveApprover`. A wrong PIN is counted and recorded in the trail. */
  readonly approve: Approve = (claim, by, signal) => {
    const { database } = this.#options;
    return proveApprover(
      {
        users: database.users,
        lockOut: this.#lockOut,
        sequencer: this.#sequencer,
        onWrong: (user, attempts) => this.#wrongPin(by, 'approval', user, attempts),
        onRight: ({ name }) => database.transaction(() => database.users.setWrongPins(name, 0)),
      },
      claim,
      by.user,
      signal,
    );
  };

  /** Wait of a name at a new attempt source, ms; more than 0 after a restart. */
  waitMs(name: string): number {
    return this.#lockOut.leftMs(name.trim().normalize('NFC'), {});
  }

  view({ current, initial }: Session): SessionView {
    return { role: current.role, user: current.user, signedIn: current !== initial };
  }

  /** The topic of a session, for all of its connections. */
  topic(session: Session): Topic<SessionView, SessionView> {
    const existing = this.#topics.get(session);
    if (existing !== undefined) return existing;
    const created = createTopic(
      contract.topics.session,
      this.view(session),
      this.#options.platform.random.id(),
    );
    this.#topics.set(session, created);
    session.onChange(() => created.publish(this.view(session)));
    return created;
  }

  /** Reports a call of the session; disposed of when it was answered. */
  reportCall(session: Session, call: string): Disposable {
    return this.#idle.reportCall(session, call);
  }

  close(): void {
    this.#idle.close();
  }

  #leave(session: Session, why: SignOutReason): void {
    const { current, initial } = session;
    if (current === initial) return;
    try {
      this.#record(current, 'session.sign-out', current.user, { why });
    } finally {
      // On a full disk the user is signed out, too.
      this.#signedIn.delete(session);
      session.change(initial);
    }
  }

  #record(by: Actor, action: string, subject: string, details: Record<string, string>): void {
    const { database, audit } = this.#options;
    database.transaction(() => audit.append({ actor: by.user, role: by.role, action, subject, details }));
  }

  /**
   * Records a change of a user. Called inside the transaction of the change. Trails of earlier versions name the same acts
   * `person.…`: one act keeps one name in a trail that is never changed.
   */
  #recordUser(
    by: Actor,
    change: 'add' | 'pin' | 'remove',
    { name, role }: { readonly name: string; readonly role: Role },
  ): void {
    this.#record(by, `person.${change}`, name, { role });
  }

  /** Attempts while a name is locked are not recorded, so that many of them do not fill the disk. */
  #wrongPin(by: Actor, act: 'session' | 'approval', user: UserRow | null, attempts: FailedAttempts): void {
    const { database } = this.#options;
    database.transaction(() => {
      if (user !== null) database.users.setWrongPins(user.name, attempts.inARow);
      // An unknown name is not recorded: it may be a PIN in the wrong field.
      const subject = user?.name ?? 'unknown';
      const details = { role: user?.role ?? 'none' };
      this.#record(by, `${act}.${attempts.locked ? 'lock' : 'refuse'}`, subject, details);
    });
  }

  #known(name: string): UserRow {
    const user = this.#options.database.users.findByName(name);
    if (user !== null) return user;
    throw new Fault('not-found', `there is no user ${name} at this station`, {
      hint: 'List them with "user list".',
    });
  }

  #putPin(user: UserRow, pinHash: string, by: Actor): void {
    const { database, platform } = this.#options;
    database.transaction(() => {
      database.users.put({ ...user, pinHash }, platform.clock.nowMs());
      this.#recordUser(by, 'pin', user);
    });
  }
}

/** The hash of the PIN that replaces a too short one; null when the PIN is long enough. */
async function renewedHash(
  user: UserRow,
  pin: string,
  newPin: string | undefined,
  platform: HashingPlatform,
): Promise<string | null> {
  if (!isShort(pin, user.role)) return null;
  const minLength = minPinLength(user.role);
  if (newPin === undefined)
    throw new Fault('pin-short', `the PIN of ${user.name} is too short by now`, {
      hint: `Choose a new one of at least ${minLength} characters.`,
      details: { minLength },
    });
  return hashPin(checkedPin(newPin, user.role), platform);
}

function wrong(): Fault {
  return new Fault('pin-wrong', 'name and PIN do not belong together', { hint: 'Try again.' });
}
