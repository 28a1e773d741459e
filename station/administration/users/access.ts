import { Sequencer } from '#node-kit/async/index.ts';
import { contract, type UserView, type SessionView } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { type Actor, createTopic, type Role, type Session, type Topic } from '#shared/rpc/index.ts';
import type { Approve } from '../../core/approval/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform, Random } from '../../core/platform/index.ts';
import type { UserRow, WritableDatabase } from '../../core/database/index.ts';
import { createIdleMonitor } from './idle-monitor.ts';
import { createLockOut, type FailedAttempts } from './lock-out.ts';
import { checkedName, checkedPin, isShort, minPinLength } from './names.ts';
import { hashPin, verifyPin } from './pin.ts';
import { proveApprover } from './approval.ts';

export interface AccessOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'log' | 'random'>;
  readonly audit: AuditTrail;
}

/** Users and their sessions. Every change of either is in the audit trail. */
export interface Access {
  users(): UserView[];
  /** Faults: `bad-input` for an invalid name or PIN, and for a name that exists. */
  add(name: string, role: Role, pin: string, by: Actor): Promise<UserView>;
  /** Changes a user's PIN. Faults: `not-found`, `bad-input`. */
  setPin(name: string, pin: string, by: Actor): Promise<UserView>;
  /** Removes a user and ends their sessions. Faults: `not-found`. */
  remove(name: string, by: Actor): UserView;
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
  ): Promise<SessionView>;
  /** Signs out: the session gets its first user again. */
  signOut(session: Session): SessionView;
  /** See `proveApprover`. A wrong PIN is counted and recorded in the trail. */
  readonly approve: Approve;
  /** Wait of a name at a new attempt source, ms; more than 0 after a restart. */
  waitMs(name: string): number;
  view(session: Session): SessionView;
  /** The topic of a session, for all of its connections. */
  topic(session: Session): Topic<SessionView, SessionView>;
  /** Reports a call of the session; disposed of when it was answered. */
  reportCall(session: Session, call: string): Disposable;
  close(): void;
}

type SignOutReason = 'asked' | 'idle' | 'removed' | 'replaced';

export function createAccess({ database, platform, audit }: AccessOptions): Access {
  const { clock, log, random } = platform;
  const lockOut = createLockOut(clock, database.users.listWrongPins());
  const idle = createIdleMonitor(clock, log, (session) => leave(session, 'idle'));
  const signedIn = new Set<Session>();
  const topics = new WeakMap<Session, Topic<SessionView, SessionView>>();
  // A wrong PIN is counted before the next one is checked, and only one PIN is hashed at a time.
  const sequencer = new Sequencer();

  function view({ current, initial }: Session): SessionView {
    return { role: current.role, user: current.user, signedIn: current !== initial };
  }
  function leave(session: Session, why: SignOutReason): void {
    const { current, initial } = session;
    if (current === initial) return;
    try {
      record(current, 'session.sign-out', current.user, { why });
    } finally {
      // On a full disk the user is signed out, too.
      signedIn.delete(session);
      session.change(initial);
    }
  }
  function record(by: Actor, action: string, subject: string, details: Record<string, string>): void {
    database.transaction(() => audit.append({ actor: by.user, role: by.role, action, subject, details }));
  }
  /**
   * Records a change of a user. Called inside the transaction of the change. Trails of earlier versions name the same acts
   * `person.…`: one act keeps one name in a trail that is never changed.
   */
  function recordUser(
    by: Actor,
    change: 'add' | 'pin' | 'remove',
    { name, role }: { readonly name: string; readonly role: Role },
  ): void {
    record(by, `person.${change}`, name, { role });
  }
  /** Attempts while a name is locked are not recorded, so that many of them do not fill the disk. */
  function wrongPin(
    by: Actor,
    act: 'session' | 'approval',
    user: UserRow | null,
    attempts: FailedAttempts,
  ): void {
    database.transaction(() => {
      if (user !== null) database.users.setWrongPins(user.name, attempts.inARow);
      // An unknown name is not recorded: it may be a PIN in the wrong field.
      const subject = user?.name ?? 'unknown';
      record(by, `${act}.${attempts.locked ? 'lock' : 'refuse'}`, subject, { role: user?.role ?? 'none' });
    });
  }
  function known(name: string): UserRow {
    const user = database.users.findByName(name);
    if (user !== null) return user;
    throw new Fault('not-found', `there is no user ${name} at this station`, {
      hint: 'List them with "user list".',
    });
  }
  function putPin(user: UserRow, pinHash: string, by: Actor): void {
    database.transaction(() => {
      database.users.put({ ...user, pinHash }, clock.nowMs());
      recordUser(by, 'pin', user);
    });
  }

  return {
    users: () => database.users.list().map(({ name, role }) => ({ name, role })),
    async add(name, role, pin, by) {
      const user = { name: checkedName(name), role };
      const pinHash = await hashPin(checkedPin(pin, role), random);
      database.transaction(() => {
        if (database.users.findByName(user.name) !== null) {
          throw new Fault('bad-input', `there is already a user ${user.name} at this station`, {
            hint: 'Take another name, or remove the user first.',
          });
        }
        database.users.put({ ...user, pinHash }, clock.nowMs());
        recordUser(by, 'add', user);
      });
      return user;
    },
    async setPin(name, pin, by) {
      const user = known(checkedName(name));
      const pinHash = await hashPin(checkedPin(pin, user.role), random);
      putPin(known(user.name), pinHash, by);
      lockOut.forget(user.name);
      return { name: user.name, role: user.role };
    },
    remove(name, by) {
      const user = known(checkedName(name));
      database.transaction(() => {
        database.users.remove(user.name, clock.nowMs());
        recordUser(by, 'remove', user);
      });
      lockOut.forget(user.name);
      for (const session of [...signedIn]) if (session.current.user === user.name) leave(session, 'removed');
      return { name: user.name, role: user.role };
    },
    signIn: (session, name, pin, signal, newPin) =>
      sequencer.run(async () => {
        throwIfAborted(signal);
        const typed = name.trim().normalize('NFC');
        const user = database.users.findByName(typed);
        lockOut.check(typed, session);
        if (user === null || !(await verifyPin(pin, user.pinHash))) {
          wrongPin(session.current, 'session', user, lockOut.wrong(user?.name ?? null, session));
          throw wrong();
        }
        lockOut.right(typed, session);
        const by: Actor<Role> = { role: user.role, user: user.name };
        const renewed = await renewedHash(user, pin, newPin, random);
        // While the PIN was checked the page may have been closed, or the user been removed.
        throwIfAborted(signal);
        if (database.users.findByName(typed)?.pinHash !== user.pinHash) throw wrong();
        leave(session, 'replaced');
        database.transaction(() => {
          database.users.setWrongPins(typed, 0);
          if (renewed !== null) putPin(user, renewed, by);
          record(by, 'session.sign-in', user.name, { role: user.role });
        });
        session.change(by);
        signedIn.add(session);
        if (by.role !== 'operator') idle.start(session);
        return view(session);
      }),
    signOut(session) {
      leave(session, 'asked');
      return view(session);
    },
    approve: (claim, by, signal) =>
      proveApprover(
        {
          users: database.users,
          lockOut,
          sequencer,
          onWrong: (user, attempts) => wrongPin(by, 'approval', user, attempts),
          onRight: ({ name }) => database.transaction(() => database.users.setWrongPins(name, 0)),
        },
        claim,
        by.user,
        signal,
      ),
    waitMs: (name) => lockOut.leftMs(name.trim().normalize('NFC'), {}),
    view,
    topic(session) {
      const existing = topics.get(session);
      if (existing !== undefined) return existing;
      const created = createTopic(contract.topics.session, view(session), random.id());
      topics.set(session, created);
      session.onChange(() => created.publish(view(session)));
      return created;
    },
    reportCall: (session, call) => idle.reportCall(session, call),
    close: () => idle.close(),
  };
}

/** The hash of the PIN that replaces a too short one; null when the PIN is long enough. */
async function renewedHash(
  user: UserRow,
  pin: string,
  newPin: string | undefined,
  random: Random,
): Promise<string | null> {
  if (!isShort(pin, user.role)) return null;
  const least = minPinLength(user.role);
  if (newPin === undefined)
    throw new Fault('pin-short', `the PIN of ${user.name} is too short by now`, {
      hint: `Choose a new one of at least ${least} characters.`,
      details: { least },
    });
  return hashPin(checkedPin(newPin, user.role), random);
}

function wrong(): Fault {
  return new Fault('pin-wrong', 'name and PIN do not belong together', { hint: 'Try again.' });
}
