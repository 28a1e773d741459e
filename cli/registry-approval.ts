import { Sequencer } from '#node-kit/async/index.ts';
import { createLockOut, createNodePlatform, openStationDatabaseForReading, proveApprover } from '#station';
import { Fault } from '#shared/domain/fault.ts';
import { type ApproverFlags, approverOf, NO_PINS, warnUnproven } from './approval.ts';
import { type CommonOptions, dataDirOf, interruptSignal } from './command.ts';
import { terminalSession } from './terminal-session.ts';

/**
 * The approver of a decision at a registry's own data, as it is recorded there. A registry keeps no people: they are
 * those of a station in the same data directory, and where there is none the name is not proven, which is said. A
 * wrong PIN is not counted: the station, which may be running, is only read.
 */
export async function approverAtRegistry(options: CommonOptions & ApproverFlags): Promise<string> {
  const database = stationOf(dataDirOf(options));
  if (database === null) {
    const name = notProven(options.approver);
    warnUnproven(name, 'a registry keeps no people, and no station is in this data directory');
    return name;
  }
  try {
    const { people } = database;
    const { clock } = createNodePlatform(dataDirOf(options));
    const lockOut = createLockOut(clock, new Map());
    const nothing = (): void => undefined;
    const proving = { people, lockOut, sequencer: new Sequencer(), onWrong: nothing, onRight: nothing };
    const { user } = terminalSession();
    const said = await proveApprover(proving, approverOf(options), user, interruptSignal());
    if (said.approverProven) return `${said.approver} (proven by PIN)`;
    const name = notProven(said.approver);
    warnUnproven(name, NO_PINS);
    return name;
  } finally {
    database.close();
  }
}

/** The name alone, which must not say of itself what only a PIN shows. Faults: `approver-refused`. */
function notProven(approver: string): string {
  const name = approver.trim();
  if (!/proven\P{L}*by\P{L}*pin/iu.test(name.normalize('NFKC'))) return name;
  throw new Fault('approver-refused', 'a name cannot say that it was proven by a PIN, and this one was not', {
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
