import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readTools } from '#station';
import { type CommonOptions, command, group } from '../../command.ts';
import { createOutput, table } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withDatabase, withStation } from '../../with-station.ts';

interface ToolOptions extends CommonOptions {
  readonly name: string;
  readonly path: string;
}

/** `station tools`: the programs of other vendors that recipes may run. */
export function toolsCommand(): Command {
  return group('tools', 'the programs of other vendors that recipes may run with run-tool', [
    command('list', 'the listed programs, with the SHA-256 of their files').action(list),
    command('add', 'list a program, or list it again after an update')
      .requiredOption('--name <name>', 'how recipes name it, such as esptool')
      .requiredOption('--path <path>', 'the program itself, such as /usr/bin/openocd')
      .action(add),
    command('remove', 'remove a program from the list')
      .requiredOption('--name <name>', 'its name')
      .action(remove),
  ]);
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, (database) => {
    const all = readTools(database);
    for (const { name, path, sha256 } of all) out.event('tool', { name, path, sha256 });
    out.print(
      all.length === 0
        ? 'no program is listed'
        : table(
            ['name', 'program', 'SHA-256'],
            all.map(({ name, path, sha256 }) => [name, path, sha256]),
          ),
    );
  });
}

async function add(options: ToolOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(
    options,
    async ({ tools }) => {
      const { name, path, sha256 } = await tools.add(options.name, resolve(options.path), terminalSession());
      out.event('tool.added', { name, path, sha256 });
      out.print(`${name} is ${path}, SHA-256 ${sha256}`);
    },
    { createIfMissing: true },
  );
}

async function remove(options: ToolOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, ({ tools }) => {
    tools.remove(options.name, terminalSession());
    out.event('tool.removed', { name: options.name });
    out.print(`${options.name} is no longer listed`);
  });
}
