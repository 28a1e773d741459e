import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOptions } from '../../electron/main/options.ts';

test('switches say where the data is and which ports the slots have; Chromium’s own pass by', () => {
  const argv = [
    'electron',
    '.',
    '--no-sandbox',
    '--data=/d',
    '--slot=/dev/a',
    '--slot=/dev/b',
    '--lang=zh-CN',
  ];
  const env = { GONGWEI_DATA: '/other', GONGWEI_SLOTS: '/dev/c' };
  expect(readOptions(argv, env, 'linux')).toEqual({
    dataDir: '/d',
    slots: ['/dev/a', '/dev/b'],
    ble: undefined,
    board: undefined,
    sampleLine: false,
    isKiosk: false,
    unit: null,
  });
});

test('without switches the environment says it, as the terminal’s start does', () => {
  const env = { GONGWEI_DATA: '/d', GONGWEI_SLOTS: '/dev/a\n/dev/b c' };
  expect(readOptions(['electron', '.'], env, 'linux')).toEqual({
    dataDir: '/d',
    slots: ['/dev/a', '/dev/b c'],
    ble: undefined,
    board: undefined,
    sampleLine: false,
    isKiosk: false,
    unit: null,
  });
  expect(readOptions([], { GONGWEI_DATA: '/d', GONGWEI_SLOTS: '' }, 'linux').slots).toEqual([]);
  expect(readOptions(['--ble=hci'], { GONGWEI_BLE: 'uart:/dev/b' }, 'linux').ble).toBe('hci');
  expect(readOptions([], { GONGWEI_BLE: 'uart:/dev/b' }, 'linux').ble).toBe('uart:/dev/b');
  expect(readOptions([], { GONGWEI_SAMPLE_LINE: '1' }, 'linux').sampleLine).toBe(true);
  expect(readOptions([], { GONGWEI_BOARD: '/dev/r' }, 'linux').board).toBe('/dev/r');
});

test.each([
  ['linux', {}, join(homedir(), '.local/share/gongwei')],
  ['linux', { XDG_DATA_HOME: '/xdg' }, '/xdg/gongwei'],
  ['darwin', {}, join(homedir(), 'Library/Application Support/Gongwei')],
] as const)('by default the data is where %s keeps a program’s data', (platform, env, dataDir) => {
  expect(readOptions([], env, platform).dataDir).toBe(dataDir);
});
