import { Session, type Role, type Actor } from '#shared/rpc/index.ts';
import { Access, hashPin } from '../../../../station/administration/users/index.ts';
import { createNodeRandom } from '../../../../station/devices/drivers/node/random.ts';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { type ManualClock, manualClock } from '../../../support/manual-clock.ts';
import { tempDir } from '../../../support/temp-dir.ts';

export const TERMINAL: Actor<Role> = { role: 'engineer', user: 'root' };

export interface Seats extends Disposable {
  readonly access: Access;
  readonly clock: ManualClock;
  readonly database: WritableDatabase;
  readonly dir: string;
  readonly errors: unknown[];
  /** Somebody who is here already, with a PIN that costs next to nothing to check. */
  know(name: string, role: Role, pin: string): Promise<void>;
  session(): Session;
  /** What the audit trail says, without the time. */
  /** The station ends as if it were killed, and starts with clocks of a new life: the wall clock shows this. */
  restart(nowMs: number): void;
  trail(): { actor: string; role: string; action: string; subject: string; details: unknown }[];
}

/** Users and sessions over a real database, with time in the test's hand. */
export function openSeats(): Seats {
  const dir = tempDir('access');
  const errors: unknown[] = [];
  let id = 0;
  let clock = manualClock();
  let database = openStationDatabase(dir.path);
  const open = (): Access =>
    new Access({
      database,
      audit: createAuditTrail(database, clock),
      platform: {
        clock,
        scryptLog2N: 4,
        paths: { dataDir: dir.path },
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
    get database() {
      return database;
    },
    restart(nowMs) {
      database.close();
      clock = manualClock(nowMs);
      database = openStationDatabase(dir.path);
      access = open();
    },
    dir: dir.path,
    errors,
    know: async (name, role, pin) =>
      database.users.put(
        { name, role, pinHash: await hashPin(pin, { random: createNodeRandom(), scryptLog2N: 4 }) },
        1,
      ),
    session: () => new Session({ role: 'operator', user: 'operator' }),
    trail: () =>
      [...database.audit.iterate()].map(({ actor, role, action, subject, details }) => ({
        actor,
        role,
        action,
        subject,
        details: JSON.parse(details) as unknown,
      })),
    [Symbol.dispose]() {
      access.close();
      database.close();
      dir[Symbol.dispose]();
    },
  };
}

/** Sessions at a station that knows an engineer, one of support and an operator. */
export async function withUsers(): Promise<Seats> {
  const setup = openSeats();
  await setup.know('Wang', 'engineer', '246813');
  await setup.know('Li', 'support', '135790');
  await setup.know('Zhao', 'operator', '0000');
  return setup;
}
