import { Sequencer } from '#node-kit/async/index.ts';
import { contract, type PersonView, type SessionView } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { type Actor, createTopic, type Role, type Session, type Topic } from '#shared/rpc/index.ts';
import type { Approve } from '../../core/approval/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform, Random } from '../../core/platform/index.ts';
import type { PersonRow, WritableDatabase } from '../../core/database/index.ts';
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

/** People and their sessions. Every change of either is in the audit trail. */
export interface Access {
  people(): PersonView[];
  /** Faults: `bad-input` for an invalid name or PIN, and for a name that exists. */
  add(name: string, role: Role, pin: string, by: Actor): Promise<PersonView>;
  /** Changes a person's PIN. Faults: `not-found`, `bad-input`. */
  setPin(name: string, pin: string, by: Actor): Promise<PersonView>;
  /** Removes a person and ends their sessions. Faults: `not-found`. */
  remove(name: string, by: Actor): PersonView;
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
  /** Signs out: the session gets its first person again. */
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
  const lockOut = createLockOut(clock, database.people.listWrongPins());
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
      // On a full disk the person is signed out, too.
      signedIn.delete(session);
      session.change(initial);
    }
  }
  function record(by: Actor, action: string, subject: string, details: Record<string, string>): void {
    database.transaction(() => audit.append({ actor: by.user, role: by.role, action, subject, details }));
  }
  /** Records a change of a person. Called inside the transaction of the change. */
  function recordPerson(
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
    person: PersonRow | null,
    attempts: FailedAttempts,
  ): void {
    database.transaction(() => {
      if (person !== null) database.people.setWrongPins(person.name, attempts.inARow);
      // An unknown name is not recorded: it may be a PIN in the wrong field.
      const subject = person?.name ?? 'unknown';
      record(by, `${act}.${attempts.locked ? 'lock' : 'refuse'}`, subject, { role: person?.role ?? 'none' });
    });
  }
  function known(name: string): PersonRow {
    const person = database.people.findByName(name);
    if (person !== null) return person;
    throw new Fault('not-found', `there is no person ${name} at this station`, {
      hint: 'List them with "user list".',
    });
  }
  function putPin(person: PersonRow, pinHash: string, by: Actor): void {
    database.transaction(() => {
      database.people.put({ ...person, pinHash }, clock.nowMs());
      recordPerson(by, 'pin', person);
    });
  }

  return {
    people: () => database.people.list().map(({ name, role }) => ({ name, role })),
    async add(name, role, pin, by) {
      const person = { name: checkedName(name), role };
      const pinHash = await hashPin(checkedPin(pin, role), random);
      database.transaction(() => {
        if (database.people.findByName(person.name) !== null) {
          throw new Fault('bad-input', `there is already a person ${person.name} at this station`, {
            hint: 'Take another name, or remove the person first.',
          });
        }
        database.people.put({ ...person, pinHash }, clock.nowMs());
        recordPerson(by, 'add', person);
      });
      return person;
    },
    async setPin(name, pin, by) {
      const person = known(checkedName(name));
      const pinHash = await hashPin(checkedPin(pin, person.role), random);
      putPin(known(person.name), pinHash, by);
      lockOut.forget(person.name);
      return { name: person.name, role: person.role };
    },
    remove(name, by) {
      const person = known(checkedName(name));
      database.transaction(() => {
        database.people.remove(person.name, clock.nowMs());
        recordPerson(by, 'remove', person);
      });
      lockOut.forget(person.name);
      for (const session of [...signedIn])
        if (session.current.user === person.name) leave(session, 'removed');
      return { name: person.name, role: person.role };
    },
    signIn: (session, name, pin, signal, newPin) =>
      sequencer.run(async () => {
        throwIfAborted(signal);
        const typed = name.trim().normalize('NFC');
        const person = database.people.findByName(typed);
        lockOut.check(typed, session);
        if (person === null || !(await verifyPin(pin, person.pinHash))) {
          wrongPin(session.current, 'session', person, lockOut.wrong(person?.name ?? null, session));
          throw wrong();
        }
        lockOut.right(typed, session);
        const by: Actor<Role> = { role: person.role, user: person.name };
        const renewed = await renewedHash(person, pin, newPin, random);
        // While the PIN was checked the page may have been closed, or the person been removed.
        throwIfAborted(signal);
        if (database.people.findByName(typed)?.pinHash !== person.pinHash) throw wrong();
        leave(session, 'replaced');
        database.transaction(() => {
          database.people.setWrongPins(typed, 0);
          if (renewed !== null) putPin(person, renewed, by);
          record(by, 'session.sign-in', person.name, { role: person.role });
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
          people: database.people,
          lockOut,
          sequencer,
          onWrong: (person, attempts) => wrongPin(by, 'approval', person, attempts),
          onRight: ({ name }) => database.transaction(() => database.people.setWrongPins(name, 0)),
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
  person: PersonRow,
  pin: string,
  newPin: string | undefined,
  random: Random,
): Promise<string | null> {
  if (!isShort(pin, person.role)) return null;
  const least = minPinLength(person.role);
  if (newPin === undefined)
    throw new Fault('pin-short', `the PIN of ${person.name} is too short by now`, {
      hint: `Choose a new one of at least ${least} characters.`,
      details: { least },
    });
  return hashPin(checkedPin(newPin, person.role), random);
}

function wrong(): Fault {
  return new Fault('pin-wrong', 'name and PIN do not belong together', { hint: 'Try again.' });
}
