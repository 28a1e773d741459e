import { expect, it, vi } from 'vitest';
import type { CommandResult } from '../kit/command-line.ts';
import { invoke, invokeWith } from '../kit/in-process.ts';
import { LONG } from '../support/depth.ts';
import { tempDir } from '../support/temp-dir.ts';
import { filesWith } from '../support/files-below.ts';

const PASSWORD = 'correct-horse-1';
const OTHER = 'battery-staple-2';

it('keeps the Wi-Fi networks of a station, with passwords that come from standard input or the environment alone', async () => {
  using dir = tempDir('network');
  const said: string[] = [];
  const network = async (input: string, ...args: readonly string[]): Promise<CommandResult> => {
    const result = await invokeWith(input, 'station', 'network', ...args, '--data', dir.path, '--json');
    said.push(result.stdout, result.stderr);
    return result;
  };
  const refusal = async (input: string, ...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await network(input, ...args);
    expect(status).toBe(2);
    return stdout + stderr;
  };
  const set = ['set', 'line', '--ssid', 'Line 3, "test"'];

  // None of these comes as far as the station.
  expect(await refusal('', ...set)).toContain('no password came');
  expect(await refusal('', ...set, '--password-env', 'GONGWEI_NOT_SET')).toContain(
    'GONGWEI_NOT_SET is not set',
  );
  expect(await refusal('', ...set, '--password', OTHER)).toContain('unknown option');

  // On a computer without a station the first network makes it.
  expect((await network(`${PASSWORD}\n`, ...set)).events).toEqual([{ event: 'network.set', name: 'line' }]);
  expect((await network('', 'set', 'line', '--ssid', 'Line 4', '--keep-password')).status).toBe(0);
  expect((await network('', 'list')).events).toEqual([
    { event: 'network', name: 'line', ssid: 'Line 4', isOpen: false },
  ]);
  if (LONG) {
    vi.stubEnv('LINE_PASSWORD', OTHER);
    expect((await network('', ...set, '--password-env', 'LINE_PASSWORD')).status).toBe(0);
    vi.unstubAllEnvs();
    expect((await network('', 'set', 'guests', '--ssid', 'Guests', '--open')).status).toBe(0);
    expect((await invoke('station', 'network', 'list', '--data', dir.path)).stdout).toMatch(
      /guests +Guests +none \(open\)\n.*line +Line 3, "test" +stored/s,
    );
    expect(await refusal('k7x-q2z\n', 'set', 'new', '--ssid', 'New')).toContain('has 7 characters');
    const kept = await refusal('', 'set', 'new', '--ssid', 'New', '--keep-password');
    expect(kept).toContain('is new and needs a password');
  }
  expect((await network('', 'remove', 'line')).events).toEqual([{ event: 'network.removed', name: 'line' }]);
  if (LONG) expect(await network('', 'remove', 'line')).not.toMatchObject({ status: 0 });
  for (const secret of [PASSWORD, OTHER, 'k7x-q2z']) {
    expect(said.join('\n')).not.toContain(secret);
    expect(filesWith(dir.path, secret)).toEqual([]);
  }
});
