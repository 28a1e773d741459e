import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moduleRecipe } from '../kit/recipes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';
import { runCommand } from '../kit/command-line.ts';

const dir = tempDir('nowhere');
const at = (name: string): string => join(dir.path, name);
beforeAll(() => writeFileSync(at('recipe.yaml'), moduleRecipe()));
afterAll(() => dir[Symbol.dispose]());

/** Everything that works on a station that is there. */
const LOOKING: readonly (readonly string[])[] = [
  ['triples', 'audit'],
  ['triples', 'lease', '--product', 'P', '--count', '1'],
  ['triples', 'return'],
  ['batch', 'list'],
  ['run', '--batch', 'B', '--slot', '/dev/null'],
  ['sync', 'status'],
  ['sync', 'drain'],
  ['sync', 'retry', 'K'],
  ['sync', 'export'],
  ['audit', 'verify'],
  ['recording', 'show', 'R'],
  ['recording', 'replay', 'R'],
  ['unit', 'show', 'SN000001'],
  ['unit', 'waiting'],
  ['recipe', 'list'],
  ['firmware', 'list'],
  ['user', 'list'],
  ['user', 'remove', 'Wang'],
  ['report', 'B', '--format', 'csv', '--out', at('report.csv')],
  ['yield', 'B'],
  ['label', 'print', '--run', 'R', '--to', at('label.svg')],
  ['backup'],
  ['station', 'rotate-key'],
  ['station', 'slots', 'forget', '--slot', '1'],
];

describe('a folder without a station', () => {
  it.each(LOOKING.map((args) => [args.join(' '), args] as const))(
    '%s says so in one line and makes nothing',
    async (_words, args) => {
      const data = at('none');
      const person = await invoke(...args, '--data', data);
      expect(person).toMatchObject({ status: 2, stdout: '' });
      expect(person.stderr).toMatch(/^gongwei: there is no station in \S+none — [^\n]*--data[^\n]*\n$/);
      const machine = await invoke(...args, '--data', data, '--json');
      expect(machine).toMatchObject({ status: 2, stderr: '' });
      expect(machine.events).toEqual([expect.objectContaining({ event: 'error', code: 'not-found' })]);
      expect(existsSync(data)).toBe(false);
    },
  );

  it('an empty folder stays empty', async () => {
    const data = tempDir('empty');
    expect(await invoke('triples', 'audit', '--data', data.path)).toMatchObject({ status: 2 });
    expect(readdirSync(data.path)).toEqual([]);
    data[Symbol.dispose]();
  });

  it('ports can be listed', async () => {
    const listed = await invoke('station', 'slots', 'list', '--data', at('ports'), '--json');
    expect(listed.status).toBe(0);
    expect(listed.events.at(-1)).toMatchObject({ event: 'slots.start', mode: 'scan' });
    expect(existsSync(at('ports'))).toBe(false);
  });

  it.each([
    ['station', 'configure', '--station', 'line-1'],
    ['station', 'slots', 'assign', '--slot', '1', '--port', 'usb:1-1'],
    ['batch', 'create', '--recipe', at('recipe.yaml'), '--quantity', '1'],
  ])('%s %s creates one', async (...args) => {
    const data = at(`new-${args[0] ?? ''}-${args[1] ?? ''}`);
    expect(await invoke(...args, '--data', data)).toMatchObject({ status: 0, stderr: '' });
    expect(await invoke('triples', 'audit', '--data', data)).toMatchObject({ status: 0 });
  });
});

describe.skipIf(process.platform !== 'linux')('a data directory that cannot be made', () => {
  it.each([
    ['station', 'configure', '--station', 'line-1', '--data', '/proc/gongwei'],
    ['station', 'configure', '--station', 'line-1', '--data', '/proc/gongwei/below'],
    ['registry', 'seed', '--product', 'P', '--count', '1', '--data', '/proc/gongwei'],
  ])('%s %s … is one line, at once', async (...args) => {
    // A process of its own: what goes round for ever cannot be told to stop.
    const ended = await runCommand([...args, '--json']);
    expect(ended).toMatchObject({ status: 3, stderr: '' });
    expect(ended.events).toEqual([expect.objectContaining({ event: 'error', code: 'file-denied' })]);
    expect(ended.events[0]?.['message']).toContain('/proc/gongwei');
  });

  it('is not a station', async () => {
    expect(await invoke('triples', 'audit', '--data', '/proc/gongwei')).toMatchObject({ status: 2 });
  });
});
