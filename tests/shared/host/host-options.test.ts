import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  defaultDataDir,
  HOST_OPTIONS,
  hostEnvironment,
  readHostOptions,
  slotsOf,
} from '#shared/host/index.ts';

describe('the hardware options of a host', () => {
  test('are passed from one host to another by the environment', () => {
    const value = fc.stringMatching(/^[^\n]+$/);
    const maybe = fc.option(value, { nil: undefined });
    fc.assert(
      fc.property(fc.record({ slots: fc.array(value), ble: maybe, board: maybe }), (choice) => {
        expect(readHostOptions(['--unrelated'], hostEnvironment(choice))).toEqual(choice);
      }),
    );
  });

  test('switches override the environment, the last one earlier ones; slots are added', () => {
    const env = hostEnvironment({ slots: ['/dev/x'], ble: 'hci', board: '/dev/y' });
    const argv = ['--slot=/dev/a', '--slot=usb:1-1.4', '--ble=hci1', '--ble=uart:/dev/b', '--board=/dev/r'];
    expect(readHostOptions(argv, env)).toEqual({
      slots: ['/dev/a', 'usb:1-1.4'],
      ble: 'uart:/dev/b',
      board: '/dev/r',
    });
    expect(readHostOptions(['--slots=3', '--blend=x'], env)).toMatchObject({ slots: ['/dev/x'], ble: 'hci' });
  });

  test('every option has a flag of its name and a variable of its own', () => {
    const all = Object.entries(HOST_OPTIONS);
    for (const [name, { flags }] of all) expect(flags).toMatch(new RegExp(`^--${name} <`));
    expect(new Set(all.map(([, { variable }]) => variable)).size).toBe(all.length);
  });

  test('a port named twice, an empty one and too many are refused; the board is that of all slots', () => {
    expect(() => slotsOf(['/dev/a', '/dev/b', '/dev/a'])).toThrow('/dev/a is named for two slots');
    expect(() => slotsOf(['/dev/a', ' '])).toThrow('its path is empty');
    expect(() => slotsOf(Array.from({ length: 17 }, (_, at) => `/dev/${at}`))).toThrow('17 slots are named');
    expect(slotsOf(['/dev/a'], '/dev/r')).toEqual([{ slot: 1, portPath: '/dev/a', boardPath: '/dev/r' }]);
  });
});

test.each([
  ['win32', { APPDATA: 'C:\\U\\R' }, 'C:\\U\\R\\Gongwei'],
  ['win32', {}, 'H\\AppData\\Roaming\\Gongwei'],
  ['darwin', {}, 'H/Library/Application Support/Gongwei'],
  ['linux', {}, 'H/.local/share/gongwei'],
  ['linux', { XDG_DATA_HOME: '/xdg' }, '/xdg/gongwei'],
  ['linux', { GONGWEI_DATA: '/d', XDG_DATA_HOME: '/xdg' }, '/d'],
] as const)('on %s with %j the data is in %s', (platform, env, dir) => {
  expect(defaultDataDir(env, platform, 'H')).toBe(dir);
});
