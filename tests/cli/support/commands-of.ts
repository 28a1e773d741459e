import { readdirSync } from 'node:fs';
import type { Command } from 'commander';

const FOLDER = new URL('../../../cli/commands/', import.meta.url);

/** What stands at the top, found in the folder: one that is forgotten there is not forgotten here. */
export async function topCommands(): Promise<Command[]> {
  const found: Command[] = [];
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))) {
    const module = (await import(new URL(file, FOLDER).href)) as Record<string, unknown>;
    for (const [name, make] of Object.entries(module))
      if (name.endsWith('Command')) found.push((make as () => Command)());
  }
  return found;
}

/** Every command that does something, those with commands of their own included; a mere group has no options. */
export async function commandsOf(): Promise<Command[]> {
  const doing = (command: Command): Command[] => [
    ...(command.options.length > 0 ? [command] : []),
    ...command.commands.flatMap(doing),
  ];
  return (await topCommands()).flatMap(doing);
}

/** As it is typed. */
export function fullName(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}
