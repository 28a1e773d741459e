import { type Command, Option } from 'commander';
import { type Role, ROLES } from '#shared/rpc/index.ts';
import type { Station } from '#station';
import { type CommonOptions, command, group } from '../command.ts';
import { createOutput, table } from '../output.ts';
import { readPin } from '../read-pin.ts';
import { terminalSession } from '../terminal-session.ts';
import { withStation, withStore } from '../with-station.ts';

export function userCommand(): Command {
  return group('user', 'who may sign in at this station', [
    command('add', 'add a person; the PIN is typed, or is the first line of standard input')
      .argument('<name>')
      .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory())
      .action(add),
    command('pin', 'give a person another PIN; it is typed, or is the first line of standard input')
      .argument('<name>')
      .action(changePin),
    command('list', 'people of this station').action(list),
    command('remove', 'remove a person; what they did stays in the records')
      .argument('<name>')
      .action(remove),
  ]);
}

async function add(name: string, options: CommonOptions & { readonly role: Role }): Promise<void> {
  const out = createOutput(options);
  const work = async (station: Station): Promise<void> => {
    const pin = await readPin(name);
    const person = await station.access.add(name, options.role, pin, terminalSession());
    out.event('user.added', person);
    if (!out.json) out.say(`${person.name} may sign in as ${person.role}`);
  };
  await withStation(options, work, { begins: true });
}

async function changePin(name: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, async (station) => {
    const person = await station.access.setPin(name, await readPin(name), terminalSession());
    out.event('user.pin', person);
    if (!out.json) out.say(`${person.name} has another PIN`);
  });
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const people = await withStore(options, (store) => store.people.all());
  for (const { name, role } of people) out.event('user', { name, role });
  if (out.json) return;
  const rows = people.map(({ name, role }) => [name, role]);
  out.say(rows.length === 0 ? 'nobody yet: add an engineer with "user add"' : table(['name', 'role'], rows));
}

async function remove(name: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, (station) => station.access.remove(name, terminalSession()));
  out.event('user.removed', { name });
  if (!out.json) out.say(`${name} can no longer sign in`);
}
