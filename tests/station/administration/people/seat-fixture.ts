import { createSessionRef, type Role, type Session, type SessionRef } from '#shared/rpc/index.ts';
import { type Access, createAccess, hashPin } from '../../../../station/administration/people/index.ts';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { openStore, type Store } from '../../../../station/core/database/index.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { tempDir } from '../../support/temp-dir.ts';

export const TERMINAL: Session = { role: 'engineer', user: 'root' };
export const NEVER: AbortSignal = new AbortController().signal;

export interface Seats extends Disposable {
  readonly access: Access;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly dir: string;
  readonly errors: unknown[];
  /** Somebody who is here already, with a PIN that costs next to nothing to check. */
  know(name: string, role: Role, pin: string): Promise<void>;
  seat(): SessionRef;
  /** What the audit trail says, without the time. */
  /** The station ends as if it were killed, and starts with clocks of a new life: the wall clock shows this. */
  restart(nowMs: number): void;
  trail(): { actor: string; role: string; action: string; subject: string; details: unknown }[];
}

/** People and seats over a real store, with time in the test's hand. */
export function openSeats(): Seats {
  const dir = tempDir('access');
  const errors: unknown[] = [];
  let id = 0;
  let clock = manualClock();
  let store = openStore(dir.path);
  const open = (): Access =>
    createAccess({
      store,
      audit: createAuditTrail(store, clock),
      platform: {
        clock,
        random: { bytes: (count) => new Uint8Array(count), id: () => `id-${(id += 1)}` },
        log: {
          info: () => undefined,
          warn: () => undefined,
          error: (_event, error) => void errors.push(error),
        },
      },
    });
  let access = open();
  return {
    get access() {
      return access;
    },
    get clock() {
      return clock;
    },
    get store() {
      return store;
    },
    restart(nowMs) {
      store.close();
      clock = manualClock(nowMs);
      store = openStore(dir.path);
      access = open();
    },
    dir: dir.path,
    errors,
    know: async (name, role, pin) => store.people.put({ name, role, pinHash: await hashPin(pin, 4) }, 1),
    seat: () => createSessionRef({ role: 'operator', user: 'operator' }),
    trail: () =>
      [...store.audit.inOrder()].map(({ actor, role, action, subject, details }) => ({
        actor,
        role,
        action,
        subject,
        details: JSON.parse(details) as unknown,
      })),
    [Symbol.dispose]() {
      access.close();
      store.close();
      dir[Symbol.dispose]();
    },
  };
}
