import { setTimeout } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { PersonView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Role, ROLES } from '#shared/rpc/index.ts';
import { sendToRunningStation, type PeopleRequest, isStationRunning, perform } from '#station';
import { type CommonOptions, command, dataDirOf, group } from '../command.ts';
import { createOutput, type Output, table } from '../output.ts';
import { readPin } from '../read-pin.ts';
import { hasStation, requireStationIn, sampleStationDir } from '../data-directories.ts';
import { terminalSession } from '../terminal-session.ts';
import { withStation, withDatabase } from '../with-station.ts';

export function userCommand(): Command {
  return group('user', 'people who may sign in at this station', [
    command('add', 'add a person; the PIN is typed, or is the first line of standard input')
      .argument('<name>')
      .addOption(new Option('--role <role>', 'role of the person').choices(ROLES).makeOptionMandatory())
      .action(add),
    command('pin', 'give a person another PIN; it is typed, or is the first line of standard input')
      .argument('<name>')
      .action(changePin),
    command('list', 'people of this station').action(list),
    command('remove', 'remove a person; the records of their work remain').argument('<name>').action(remove),
  ]);
}

async function add(name: string, given: CommonOptions & { readonly role: Role }): Promise<void> {
  const out = createOutput(given);
  const options = await stationOf(given, out);
  const pin = await readPin(name);
  const by = terminalSession();
  const person = await change(options, { do: 'add-person', name, role: given.role, pin, by }, true);
  out.event('user.added', person);
  if (!out.json) out.print(`${person.name} may sign in as ${person.role}`);
}

async function changePin(name: string, given: CommonOptions): Promise<void> {
  const out = createOutput(given);
  const options = await stationOf(given, out);
  requireStationIn(dataDirOf(options));
  const pin = await readPin(name);
  const person = await change(options, { do: 'set-pin', name, pin, by: terminalSession() });
  out.event('user.pin', person);
  if (!out.json) out.print(`the PIN of ${person.name} was changed`);
}

async function list(given: CommonOptions): Promise<void> {
  const out = createOutput(given);
  const options = await stationOf(given, out);
  const people = await withDatabase(options, (database) => database.people.list());
  for (const { name, role } of people) out.event('user', { name, role });
  if (out.json) return;
  const rows = people.map(({ name, role }) => [name, role]);
  out.print(
    rows.length === 0 ? 'no people yet: add an engineer with "user add"' : table(['name', 'role'], rows),
  );
}

async function remove(name: string, given: CommonOptions): Promise<void> {
  const out = createOutput(given);
  const options = await stationOf(given, out);
  const person = await change(options, { do: 'remove-person', name, by: terminalSession() });
  out.event('user.removed', { name: person.name });
  if (!out.json) out.print(`${person.name} can no longer sign in`);
}

/**
 * The data directory of the command: that of a running sample line below it, if the directory itself has no station.
 */
async function stationOf(options: CommonOptions, out: Output): Promise<CommonOptions> {
  const dataDir = dataDirOf(options);
  const sample = sampleStationDir(dataDir);
  if (!(await isStationRunning(sample))) return options;
  if (hasStation(dataDir)) {
    out.print(
      `this is the station of ${dataDir}; the running sample line has another data directory: --data ${sample}`,
    );
    return options;
  }
  out.print(`this is the running sample line: ${sample}`);
  return { ...options, data: sample };
}

/** A station that is starting owns its data before it takes commands. */
const STARTING_MS = 5000;
const RETRY_MS = 250;

/** Executed by the station that runs on the data directory, else by one that is opened. Faults: those of both. */
async function change(options: CommonOptions, request: PeopleRequest, begins = false): Promise<PersonView> {
  const dataDir = dataDirOf(options);
  for (let leftMs = STARTING_MS; ; leftMs -= RETRY_MS) {
    const person = await sendToRunningStation(dataDir, request);
    if (person !== null) return person;
    try {
      return await withStation(options, (station) => perform(station.access, request), { begins });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'data-busy' || leftMs <= 0) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}
