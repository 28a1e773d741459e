import { Sequencer } from '#node-kit/async/index.ts';
import { contract, type PersonView, type SessionView } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { createTopic, type Role, type Session, type SessionRef, type Topic } from '#shared/rpc/index.ts';
import type { Actor, AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { PersonRow, WritableDatabase } from '../../core/database/index.ts';
import { createIdleWatch } from './idle-watch.ts';
import { createLockOut, type Tried } from './lock-out.ts';
import { checkedName, checkedPin, isShort, leastPin } from './names.ts';
import { hashPin, verifyPin } from './pin.ts';
import { type Approval, type ApproverClaim, proveApprover } from './approval.ts';

export interface AccessParts {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'log' | 'random'>;
  readonly audit: AuditTrail;
}

/** Asks for the word of a second person; see `proveApprover`. */
export type Approve = (claim: ApproverClaim, by: Actor, signal: AbortSignal) => Promise<Approval>;

/** People and their sessions. Everything that changes either is in the audit trail. */
export interface Access {
  people(): PersonView[];
  /** Faults: `bad-input` for a name or a PIN that cannot be, or a name that is there. */
  add(name: string, role: Role, pin: string, by: Session): Promise<PersonView>;
  /** Another PIN for somebody who is there. Faults: `not-found`, `bad-input`. */
  setPin(name: string, pin: string, by: Session): Promise<PersonView>;
  /** Ends the person's sessions too. Faults: `not-found`. */
  remove(name: string, by: Session): PersonView;
  /**
   * Faults: `pin-wrong` (an unknown name is one too); `pin-locked` after five, for longer each time; `pin-short` for a
   * PIN from before that is too short by now: come again with `newPin`, which takes its place.
   */
  signIn(
    sessionRef: SessionRef,
    name: string,
    pin: string,
    signal: AbortSignal,
    newPin?: string,
  ): Promise<SessionView>;
  /** Back to who the session began with. */
  signOut(sessionRef: SessionRef): SessionView;
  /** The second person's word for an act; see `proveApprover`. A PIN that was wrong is counted and in the trail. */
  readonly approve: Approve;
  /** How long a name has to wait at a place that has done nothing yet, ms: after a restart. */
  waitMs(name: string): number;
  view(sessionRef: SessionRef): SessionView;
  /** The session's own topic: the same for all its wires. */
  topic(sessionRef: SessionRef): Topic<SessionView, SessionView>;
  /** A call came in on the session; disposed of when it was answered. */
  note(sessionRef: SessionRef, call: string): Disposable;
  close(): void;
}

type Ended = 'asked' | 'idle' | 'removed' | 'replaced';

export function createAccess({ database, platform, audit }: AccessParts): Access {
  const { clock, log, random } = platform;
  const lockOut = createLockOut(clock, database.people.listWrongPins());
  const idle = createIdleWatch(clock, log, (sessionRef) => leave(sessionRef, 'idle'));
  const signedIn = new Set<SessionRef>();
  const topics = new WeakMap<SessionRef, Topic<SessionView, SessionView>>();
  // Wrong PINs are counted before the next one is looked at, and a flood of them costs one hash at a time.
  const sequencer = new Sequencer();

  function view({ current, initial }: SessionRef): SessionView {
    return { role: current.role, user: current.user, signedIn: current !== initial };
  }
  function leave(sessionRef: SessionRef, why: Ended): void {
    const { current, initial } = sessionRef;
    if (current === initial) return;
    try {
      record(current, 'session.sign-out', current.user, { why });
    } finally {
      // A full disk must not keep anybody signed in.
      signedIn.delete(sessionRef);
      sessionRef.change(initial);
    }
  }
  function record(by: Actor, action: string, subject: string, details: Record<string, string>): void {
    database.transaction(() => audit.append({ actor: by.user, role: by.role, action, subject, details }));
  }
  /** The one place where what is known of a person changes, inside the transaction that changes it. */
  function recordPerson(
    by: Session,
    change: 'add' | 'pin' | 'remove',
    { name, role }: { readonly name: string; readonly role: Role },
  ): void {
    record(by, `person.${change}`, name, { role });
  }
  /** What is locked is refused without a word in the trail: a flood does not fill the disk. */
  function wrongPin(by: Actor, act: 'session' | 'approval', person: PersonRow | null, tried: Tried): void {
    database.transaction(() => {
      if (person !== null) database.people.setWrongPins(person.name, tried.inARow);
      // A name that is nobody's may be a PIN in the wrong field.
      const subject = person?.name ?? 'unknown';
      record(by, `${act}.${tried.locked ? 'lock' : 'refuse'}`, subject, { role: person?.role ?? 'none' });
    });
  }
  function known(name: string): PersonRow {
    const person = database.people.findByName(name);
    if (person !== null) return person;
    throw new Fault('not-found', `there is no ${name} at this station`, {
      hint: 'List them with "user list".',
    });
  }
  function putPin(person: PersonRow, pinHash: string, by: Session): void {
    database.transaction(() => {
      database.people.put({ ...person, pinHash }, clock.nowMs());
      recordPerson(by, 'pin', person);
    });
  }

  return {
    people: () => database.people.list().map(({ name, role }) => ({ name, role })),
    async add(name, role, pin, by) {
      const person = { name: checkedName(name), role };
      const pinHash = await hashPin(checkedPin(pin, role));
      database.transaction(() => {
        if (database.people.findByName(person.name) !== null) {
          throw new Fault('bad-input', `there is already a ${person.name} at this station`, {
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
      const pinHash = await hashPin(checkedPin(pin, person.role));
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
      for (const sessionRef of [...signedIn])
        if (sessionRef.current.user === person.name) leave(sessionRef, 'removed');
      return { name: person.name, role: person.role };
    },
    signIn: (sessionRef, name, pin, signal, newPin) =>
      sequencer.run(async () => {
        throwIfAborted(signal);
        const typed = name.trim().normalize('NFC');
        const person = database.people.findByName(typed);
        lockOut.check(typed, sessionRef);
        if (person === null || !(await verifyPin(pin, person.pinHash))) {
          wrongPin(sessionRef.current, 'session', person, lockOut.wrong(person?.name ?? null, sessionRef));
          throw wrong();
        }
        lockOut.right(typed, sessionRef);
        const session: Session = { role: person.role, user: person.name };
        const renewed = await renewedHash(person, pin, newPin);
        // While the PIN was looked at the page may have gone away, or the person been removed.
        throwIfAborted(signal);
        if (database.people.findByName(typed)?.pinHash !== person.pinHash) throw wrong();
        leave(sessionRef, 'replaced');
        database.transaction(() => {
          database.people.setWrongPins(typed, 0);
          if (renewed !== null) putPin(person, renewed, session);
          record(session, 'session.sign-in', person.name, { role: person.role });
        });
        sessionRef.change(session);
        signedIn.add(sessionRef);
        if (session.role !== 'operator') idle.watch(sessionRef);
        return view(sessionRef);
      }),
    signOut(sessionRef) {
      leave(sessionRef, 'asked');
      return view(sessionRef);
    },
    approve: (claim, by, signal) =>
      proveApprover(
        {
          people: database.people,
          lockOut,
          sequencer,
          onWrong: (person, tried) => wrongPin(by, 'approval', person, tried),
          onRight: ({ name }) => database.transaction(() => database.people.setWrongPins(name, 0)),
        },
        claim,
        by.user,
        signal,
      ),
    waitMs: (name) => lockOut.leftMs(name.trim().normalize('NFC'), {}),
    view,
    topic(sessionRef) {
      const known = topics.get(sessionRef);
      if (known !== undefined) return known;
      const made = createTopic(contract.topics.session, view(sessionRef), random.id());
      topics.set(sessionRef, made);
      sessionRef.onChange(() => made.publish(view(sessionRef)));
      return made;
    },
    note: (sessionRef, call) => idle.note(sessionRef, call),
    close: () => idle.close(),
  };
}

/** What takes the place of a PIN that is too short by now; null for one that is not. */
async function renewedHash(
  person: PersonRow,
  pin: string,
  newPin: string | undefined,
): Promise<string | null> {
  if (!isShort(pin, person.role)) return null;
  const least = leastPin(person.role);
  if (newPin === undefined)
    throw new Fault('pin-short', `the PIN of ${person.name} is too short by now`, {
      hint: `Choose a new one of at least ${least} characters.`,
      details: { least },
    });
  return hashPin(checkedPin(newPin, person.role));
}

function wrong(): Fault {
  return new Fault('pin-wrong', 'name and PIN do not belong together', { hint: 'Try again.' });
}
