import { Sequencer } from '#node-kit/async/index.ts';
import { createLockOut, createNodePlatform, openStationDatabaseForReading, proveApprover } from '#station';
import { Fault } from '#shared/domain/fault.ts';
import { type ApproverFlags, approverOf, NO_PINS, warnUnproven } from './approval.ts';
import { type CommonOptions, dataDirOf, interruptSignal } from './command.ts';
import { terminalSession } from './terminal-session.ts';

/**
 * The approver of a decision at a registry, as it is recorded there. A registry has no users: they are those of the station
 * in the same data directory; without one the name is not proven, and a warning says so. A wrong PIN is not counted, because
 * the station's database is only read: the station may be running.
 */
export async function approverAtRegistry(options: CommonOptions & ApproverFlags): Promise<string> {
  const database = stationOf(dataDirOf(options));
  if (database === null) {
    const name = notProven(options.approver);
    warnUnproven(name, 'a registry has no users, and there is no station in this data directory');
    return name;
  }
  try {
    const { users } = database;
    const { clock } = createNodePlatform(dataDirOf(options));
    const lockOut = createLockOut(clock, new Map());
    const nothing = (): void => undefined;
    const proving = { users, lockOut, sequencer: new Sequencer(), onWrong: nothing, onRight: nothing };
    const { user } = terminalSession();
    const proof = await proveApprover(proving, approverOf(options), user, interruptSignal());
    if (proof.approverProven) return `${proof.approver} (proven by PIN)`;
    const name = notProven(proof.approver);
    warnUnproven(name, NO_PINS);
    return name;
  } finally {
    database.close();
  }
}

/** The name of an approver without PIN, which must not claim to be proven. Faults: `approver-refused`. */
function notProven(approver: string): string {
  const name = approver.trim();
  if (!/proven\P{L}*by\P{L}*pin/iu.test(name.normalize('NFKC'))) return name;
  throw new Fault('approver-refused', 'the name must not contain the mark of a proven PIN', {
    hint: 'Give the name alone.',
  });
}

function stationOf(dataDir: string): ReturnType<typeof openStationDatabaseForReading> | null {
  try {
    return openStationDatabaseForReading(dataDir);
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return null;
    throw error;
  }
}
