import { contract, type PersonView, type SessionView } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { createTopic, type Role, type Session, type SessionRef, type Topic } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../audit/index.ts';
import type { Platform } from '../platform/index.ts';
import type { Store } from '../store/index.ts';
import { createIdleWatch } from './idle-watch.ts';
import { createLockOut } from './lock-out.ts';
import { checkedName, checkedPin } from './names.ts';
import { hashPin, verifyPin } from './pin.ts';
import { oneAtATime } from './one-at-a-time.ts';

export interface AccessParts {
  readonly store: Store;
  readonly platform: Pick<Platform, 'clock' | 'log' | 'random'>;
  readonly audit: AuditTrail;
}

/** People and their seats. Everything that changes either is in the audit trail. */
export interface Access {
  people(): PersonView[];
  /** Faults: `bad-input` for a name or a PIN that cannot be, or a name that is there. */
  add(name: string, role: Role, pin: string, by: Session): Promise<PersonView>;
  /** Ends the person's sessions too. Faults: `not-found`. */
  remove(name: string, by: Session): void;
  /** Faults: `pin-wrong` (an unknown name is one too); `pin-locked` after five. */
  signIn(seat: SessionRef, name: string, pin: string, signal: AbortSignal): Promise<SessionView>;
  /** Back to who the seat began with. */
  signOut(seat: SessionRef): SessionView;
  view(seat: SessionRef): SessionView;
  /** The seat's own topic: the same for all its wires. */
  topic(seat: SessionRef): Topic<SessionView, SessionView>;
  /** A call came in on the seat; disposed of when it was answered. */
  note(seat: SessionRef, call: string): Disposable;
  close(): void;
}

type Ended = 'asked' | 'idle' | 'removed' | 'replaced';

export function createAccess({ store, platform, audit }: AccessParts): Access {
  const { clock, log, random } = platform;
  const lockOut = createLockOut(clock, store.people.wrongPins());
  const idle = createIdleWatch(clock, log, (seat) => leave(seat, 'idle'));
  const signedIn = new Set<SessionRef>();
  const topics = new WeakMap<SessionRef, Topic<SessionView, SessionView>>();
  // Wrong PINs are counted before the next one is looked at, and a flood of them costs one hash at a time.
  const inTurn = oneAtATime();

  function view({ current, initial }: SessionRef): SessionView {
    return { role: current.role, user: current.user, signedIn: current !== initial };
  }
  function leave(seat: SessionRef, why: Ended): void {
    const { current, initial } = seat;
    if (current === initial) return;
    try {
      record(current, 'session.sign-out', current.user, { why });
    } finally {
      // A full disk must not keep anybody signed in.
      signedIn.delete(seat);
      seat.change(initial);
    }
  }
  function record(by: Session, action: string, subject: string, details: Record<string, string>): void {
    store.transaction(() => audit.append({ actor: by.user, role: by.role, action, subject, details }));
  }

  return {
    people: () => store.people.all().map(({ name, role }) => ({ name, role })),
    async add(name, role, pin, by) {
      const person = { name: checkedName(name), role };
      const pinHash = await hashPin(checkedPin(pin));
      store.transaction(() => {
        if (store.people.byName(person.name) !== null) {
          throw new Fault('bad-input', `there is already a ${person.name} at this station`, {
            hint: 'Take another name, or remove the person first.',
          });
        }
        store.people.put({ ...person, pinHash }, clock.nowMs());
        record(by, 'person.add', person.name, { role });
      });
      return person;
    },
    remove(name, by) {
      const known = checkedName(name);
      store.transaction(() => {
        const person = store.people.byName(known);
        if (person === null || !store.people.remove(known, clock.nowMs())) {
          throw new Fault('not-found', `there is no ${known} at this station`, {
            hint: 'List them with "user list".',
          });
        }
        record(by, 'person.remove', known, { role: person.role });
      });
      lockOut.forget(known);
      for (const seat of [...signedIn]) if (seat.current.user === known) leave(seat, 'removed');
    },
    signIn: (seat, name, pin, signal) =>
      inTurn(async () => {
        throwIfAborted(signal);
        const known = name.trim().normalize('NFC');
        const person = store.people.byName(known);
        if (person === null) throw wrong();
        lockOut.check(known);
        if (!(await verifyPin(pin, person.pinHash))) {
          const { inARow, locked } = lockOut.wrong(known);
          store.transaction(() => {
            store.people.setWrongPins(known, inARow);
            record(seat.current, locked ? 'session.lock' : 'session.refuse', known, { role: person.role });
          });
          throw wrong();
        }
        lockOut.forget(known);
        // While the PIN was looked at the page may have gone away, or the person been removed.
        throwIfAborted(signal);
        if (store.people.byName(known)?.pinHash !== person.pinHash) throw wrong();
        leave(seat, 'replaced');
        const session: Session = { role: person.role, user: person.name };
        store.transaction(() => {
          store.people.setWrongPins(known, 0);
          record(session, 'session.sign-in', person.name, { role: person.role });
        });
        seat.change(session);
        signedIn.add(seat);
        if (session.role !== 'operator') idle.watch(seat);
        return view(seat);
      }),
    signOut(seat) {
      leave(seat, 'asked');
      return view(seat);
    },
    view,
    topic(seat) {
      const known = topics.get(seat);
      if (known !== undefined) return known;
      const made = createTopic(contract.topics.session, view(seat), random.id());
      topics.set(seat, made);
      seat.onChange(() => made.publish(view(seat)));
      return made;
    },
    note: (seat, call) => idle.note(seat, call),
    close: () => idle.close(),
  };
}

function wrong(): Fault {
  return new Fault('pin-wrong', 'name and PIN do not belong together', { hint: 'Try again.' });
}
