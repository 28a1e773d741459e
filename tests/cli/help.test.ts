import { describe, expect, it } from 'vitest';
import { commandsOf, fullName, topCommands } from './support/commands-of.ts';
import { invoke } from '../kit/in-process.ts';

describe('help', () => {
  it('describes every option of every command', async () => {
    const all = await commandsOf();
    expect(all.length).toBeGreaterThan(25);
    for (const command of all) {
      const path = fullName(command);
      const help = command.helpInformation();
      expect(command.description(), path).not.toBe('');
      for (const option of command.options) {
        expect(help, path).toContain(option.long ?? option.flags);
        expect(option.description, `${path} ${option.flags}`).not.toBe('');
      }
      expect(help, path).toContain('--json');
      expect(help, path).toContain('--data');
    }
  });

  it('lists every command of the folder at the top', async () => {
    const { status, stdout, stderr } = await invoke('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of await topCommands())
      expect(stdout).toMatch(new RegExp(`^ +${command.name()}\\b`, 'm'));
  });

  it.each([
    ['run', '--batch', '--slot', '--serials', '--units', '--until-empty'],
    ['triples import', '--product', '--map', '--dry-run', '--skip-bad'],
    ['triples lease', '--product', '--count'],
    ['station configure', '--registry', '--token', '--station'],
    ['sim units', '--profile', '--count', '--state', '--mqtt', '--faults', '--baud'],
    ['sim printer', '--language', '--port', '--faults', '--dir'],
    ['registry serve', '--http-port', '--mqtt-port', '--db'],
    ['batch create', '--recipe', '--quantity', '--name'],
    ['demo', '--units', '--slots', '--json'],
  ])('of %s exits 0 and names its options', async (command, ...options) => {
    const { status, stdout, stderr } = await invoke(...command.split(' '), '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const option of options) expect(stdout).toContain(option);
  });
});
