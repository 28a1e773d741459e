import { readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { invoke } from './support/in-process.ts';

const FOLDER = new URL('../../cli/commands/', import.meta.url);

/** Every factory of a command, found in the folder: one that is forgotten at the top is not forgotten here. */
async function commands(): Promise<Command[]> {
  const found: Command[] = [];
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))) {
    const module = (await import(new URL(file, FOLDER).href)) as Record<string, unknown>;
    for (const [name, make] of Object.entries(module))
      if (name.endsWith('Command')) found.push((make as () => Command)());
  }
  return found;
}

function leaves(command: Command, path: readonly string[] = []): { path: string[]; command: Command }[] {
  const here = [...path, command.name()];
  if (command.commands.length === 0) return [{ path: here, command }];
  return command.commands.flatMap((child) => leaves(child, here));
}

describe('help', () => {
  it('tells of every command each of its options in words', async () => {
    const all = (await commands()).flatMap((command) => leaves(command));
    expect(all.length).toBeGreaterThan(25);
    for (const { path, command } of all) {
      const help = command.helpInformation();
      expect(command.description(), path.join(' ')).not.toBe('');
      for (const option of command.options) {
        expect(help, path.join(' ')).toContain(option.long ?? option.flags);
        expect(option.description, `${path.join(' ')} ${option.flags}`).not.toBe('');
      }
      expect(help, path.join(' ')).toContain('--json');
      expect(help, path.join(' ')).toContain('--data');
    }
  });

  it('is there for everybody at the top, with every command of the folder', async () => {
    const { status, stdout, stderr } = await invoke('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of await commands())
      expect(stdout).toMatch(new RegExp(`^ +${command.name()}\\b`, 'm'));
  });

  it.each([
    ['run', '--batch', '--slot', '--serials', '--units', '--until-empty'],
    ['triples import', '--product', '--map', '--dry-run', '--skip-bad'],
    ['triples lease', '--product', '--count'],
    ['station configure', '--registry', '--token', '--station'],
    ['sim units', '--profile', '--count', '--state', '--mqtt', '--faults', '--baud'],
    ['registry serve', '--http-port', '--mqtt-port', '--db'],
    ['batch create', '--recipe', '--quantity', '--name'],
    ['demo', '--units', '--slots', '--json'],
  ])('of %s exits 0 and names its options', async (command, ...options) => {
    const { status, stdout, stderr } = await invoke(...command.split(' '), '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const option of options) expect(stdout).toContain(option);
  });
});
