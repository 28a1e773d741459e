import type { Command } from 'commander';
import { type CommonOptions, command, group } from '../../command.ts';
import { createOutput, table } from '../../output.ts';
import { type PasswordSource, readPassword } from '../../read-password.ts';
import { withCalls } from '../../with-calls.ts';

interface SetOptions extends CommonOptions, PasswordSource {
  readonly ssid: string;
  readonly open?: boolean;
  readonly keepPassword?: boolean;
}

/** `station network`: the Wi-Fi networks that units are provisioned for. */
export function networkCommand(): Command {
  return group('network', 'Wi-Fi networks that recipes use by name; they are stored sealed', [
    command('list', 'the networks, without passwords').action(list),
    command(
      'set',
      'add a network, or change the one of this name; the password is typed, or one line of standard input',
    )
      .argument('<name>', 'as recipes write it, such as line')
      .requiredOption('--ssid <text>', 'name of the network in the air')
      .option('--password-env <variable>', 'environment variable that has the password')
      .option('--open', 'a network without a password')
      .option('--keep-password', 'change the ssid only')
      .action(set),
    command('remove', 'remove a network').argument('<name>').action(remove),
  ]);
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const { networks } = await withCalls(options, ({ call }) => call('networks.get', {}));
  for (const network of networks) out.event('network', { ...network });
  out.print(
    networks.length === 0
      ? 'this station has no Wi-Fi networks'
      : table(
          ['name', 'ssid', 'password'],
          networks.map(({ name, ssid, isOpen }) => [name, ssid, isOpen ? 'none (open)' : 'stored']),
        ),
  );
}

async function set(name: string, options: SetOptions): Promise<void> {
  const out = createOutput(options);
  const { ssid } = options;
  const password = await passwordOf(name, options);
  await withCalls(options, ({ call }) => call('networks.set', { name, ssid, password }), {
    createIfMissing: true,
  });
  out.event('network.set', { name });
  out.print(`the Wi-Fi network ${name} is stored`);
}

/** `null` keeps the stored one. */
async function passwordOf(name: string, options: SetOptions): Promise<string | null> {
  if (options.keepPassword === true) return null;
  return options.open === true ? '' : readPassword(`Password of the Wi-Fi network ${name}`, options);
}

async function remove(name: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withCalls(options, ({ call }) => call('networks.remove', { name }));
  out.event('network.removed', { name });
  out.print(`the Wi-Fi network ${name} is removed`);
}
