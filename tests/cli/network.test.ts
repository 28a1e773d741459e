import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { CommandResult } from '../kit/command-line.ts';
import { invoke, invokeWith } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const PASSWORD = 'correct-horse-1';
const OTHER = 'battery-staple-2';

/** The files of a data directory that have a text. */
function filesWith(dir: string, text: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}

it('keeps the Wi-Fi networks of a station, with passwords that come from standard input or the environment alone', async () => {
  using dir = tempDir('network');
  const said: string[] = [];
  const network = async (input: string, ...args: readonly string[]): Promise<CommandResult> => {
    const result = await invokeWith(input, 'station', 'network', ...args, '--data', dir.path, '--json');
    said.push(result.stdout, result.stderr);
    return result;
  };
  const list = async (): Promise<unknown> => (await network('', 'list')).events;

  // On a computer without a station the first network makes it.
  expect((await network(`${PASSWORD}\n`, 'set', 'line', '--ssid', 'Line 3, "test"')).events).toEqual([
    { event: 'network.set', name: 'line' },
  ]);
  vi.stubEnv('LINE_PASSWORD', OTHER);
  const open = ['set', 'guests', '--ssid', 'Guests', '--open'];
  for (const args of [open, ['set', 'line', '--ssid', 'Line 3, "test"', '--password-env', 'LINE_PASSWORD']])
    expect((await network('', ...args)).status).toBe(0);
  vi.unstubAllEnvs();
  expect((await network('', 'set', 'line', '--ssid', 'Line 4', '--keep-password')).status).toBe(0);
  expect(await list()).toEqual([
    { event: 'network', name: 'guests', ssid: 'Guests', isOpen: true },
    { event: 'network', name: 'line', ssid: 'Line 4', isOpen: false },
  ]);
  expect((await invoke('station', 'network', 'list', '--data', dir.path)).stdout).toMatch(
    /guests +Guests +none \(open\)\n.*line +Line 4 +stored/s,
  );

  expect((await network('', 'set', 'new', '--ssid', 'New')).stderr).toContain('no password came');
  const unset = ['set', 'new', '--ssid', 'New', '--password-env', 'GONGWEI_NOT_SET'];
  expect((await network('', ...unset)).stderr).toContain('the environment variable GONGWEI_NOT_SET is not set');
  const short = await network('k7x-q2z\n', 'set', 'new', '--ssid', 'New');
  expect([short.status, short.stderr]).toEqual([2, expect.stringContaining('has 7 characters')]);
  expect((await network('', 'set', 'new', '--ssid', 'New', '--keep-password')).stderr).toContain(
    'is new and needs a password',
  );
  const typed = await network('', 'set', 'line', '--ssid', 'Line 4', '--password', OTHER);
  expect([typed.status, typed.stderr]).toEqual([2, expect.stringContaining('unknown option')]);

  expect((await network('', 'remove', 'line')).events).toEqual([{ event: 'network.removed', name: 'line' }]);
  expect((await network('', 'remove', 'line')).status).not.toBe(0);
  expect(await list()).toHaveLength(1);
  for (const secret of [PASSWORD, OTHER, 'k7x-q2z']) {
    expect(said.join('\n')).not.toContain(secret);
    expect(filesWith(dir.path, secret)).toEqual([]);
  }
});
