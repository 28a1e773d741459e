import { setTimeout } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { UserView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Role, ROLES } from '#shared/rpc/index.ts';
import { sendToRunningStation, type UsersRequest, isStationRunning, perform } from '#station';
import { type CommonOptions, command, dataDirOf, group } from '../command.ts';
import { createOutput, type Output, table } from '../output.ts';
import { readPin } from '../read-pin.ts';
import { hasStation, requireStationIn, sampleStationDir } from '../data-directories.ts';
import { terminalSession } from '../terminal-session.ts';
import { withStation, withDatabase } from '../with-station.ts';

export function userCommand(): Command {
  return group('user', 'users who may sign in at this station', [
    command('add', 'add a user; the PIN is typed, or is the first line of standard input')
      .argument('<name>')
      .addOption(new Option('--role <role>', 'role of the user').choices(ROLES).makeOptionMandatory())
      .action(add),
    command('pin', 'give a user another PIN; it is typed, or is the first line of standard input')
      .argument('<name>')
      .action(changePin),
    command('list', 'users of this station').action(list),
    command('remove', 'remove a user, except the last engineer; the records of their work remain')
      .argument('<name>')
      .action(remove),
  ]);
}

async function add(name: string, given: CommonOptions & { readonly role: Role }): Promise<void> {
  const out = createOutput(given);
  const options = await withRunningSampleStation(given, out);
  const pin = await readPin(name);
  const by = terminalSession();
  const user = await change(options, { do: 'add-user', name, role: given.role, pin, by }, true);
  out.event('user.added', user);
  out.print(`${user.name} may sign in as ${user.role}`);
}

async function changePin(name: string, given: CommonOptions): Promise<void> {
  const out = createOutput(given);
  const options = await withRunningSampleStation(given, out);
  requireStationIn(dataDirOf(options));
  const pin = await readPin(name);
  const user = await change(options, { do: 'set-pin', name, pin, by: terminalSession() });
  out.event('user.pin', user);
  out.print(`the PIN of ${user.name} was changed`);
}

async function list(given: CommonOptions): Promise<void> {
  const out = createOutput(given);
  const options = await withRunningSampleStation(given, out);
  const users = await withDatabase(options, (database) => database.users.listAccounts());
  for (const { name, role, disabledAtMs } of users)
    out.event('user', { name, role, ...(disabledAtMs === null ? {} : { disabled: true }) });
  const rows = users.map(({ name, role, disabledAtMs }) => [
    name,
    role,
    disabledAtMs === null ? '' : 'disabled',
  ]);
  out.print(
    rows.length === 0 ? 'no users yet: add an engineer with "user add"' : table(['name', 'role', ''], rows),
  );
}

async function remove(name: string, given: CommonOptions): Promise<void> {
  const out = createOutput(given);
  const options = await withRunningSampleStation(given, out);
  const user = await change(options, { do: 'remove-user', name, by: terminalSession() });
  out.event('user.removed', { name: user.name });
  out.print(`${user.name} can no longer sign in`);
}

/**
 * The options with the data directory of a running sample line below it, if the directory itself has no station; else the
 * options themselves. Prints which one.
 */
async function withRunningSampleStation(options: CommonOptions, out: Output): Promise<CommonOptions> {
  const dataDir = dataDirOf(options);
  const sample = sampleStationDir(dataDir);
  if (!(await isStationRunning(sample))) return options;
  if (hasStation(dataDir)) {
    out.notice(
      `this is the station of ${dataDir}; the running sample line has another data directory: --data ${sample}`,
    );
    return options;
  }
  out.notice(`this is the running sample line: ${sample}`);
  return { ...options, data: sample };
}

/** A station that is starting owns its data before it takes commands. */
const START_TIMEOUT_MS = 5000;
const RETRY_MS = 250;

/** Executed by the station that runs on the data directory, else by one that is opened. Faults: those of both. */
async function change(
  options: CommonOptions,
  request: UsersRequest,
  createIfMissing = false,
): Promise<UserView> {
  const dataDir = dataDirOf(options);
  for (let remainingMs = START_TIMEOUT_MS; ; remainingMs -= RETRY_MS) {
    const user = await sendToRunningStation(dataDir, request);
    if (user !== null) return user;
    try {
      return await withStation(options, (station) => perform(station.access, request), { createIfMissing });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'data-busy' || remainingMs <= 0) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}
