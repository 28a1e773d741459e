import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  letsOthersIn,
  ownerOnlyArguments,
  nativeFileName,
  portableFileName,
  renameFile,
  restrictByAcl,
} from '#node-kit/files/index.ts';
import { raiseSignal } from '#node-kit/process/index.ts';
import { flashPath } from '../../../simulator/flash/flash-record.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** A directory below a profile, one below `D:\`, as Windows 11 makes them. */
const IN_PROFILE =
  'D:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;S-1-5-21-1004336348-1177238915-682003330-1001)';
const ON_DRIVE = 'D:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1301bf;;;AU)(A;OICIID;0x1200a9;;;BU)';

describe('a directory on Windows', () => {
  test('is open when a group of all users may enter it', () => {
    expect([letsOthersIn(IN_PROFILE), letsOthersIn(ON_DRIVE)]).toEqual([false, true]);
    expect(letsOthersIn('D:(A;;FR;;;S-1-1-0)')).toBe(true);
    // Forbidden to everybody, which closes it.
    expect(letsOthersIn('D:(D;;FA;;;WD)(A;;FA;;;SY)')).toBe(false);
  });

  test.each([
    [IN_PROFILE, false],
    [ON_DRIVE, true],
  ])('is given to its user and the system alone when it was open: %s', (sddl, wasOpen) => {
    using dir = tempDir('acl');
    const data = join(dir.path, '数据 1');
    mkdirSync(data);
    const scratch = join(dir.path, 'acl');
    const calls: (readonly string[])[] = [];
    const run = (args: readonly string[]): void => {
      calls.push(args);
      if (args.includes('/save')) writeFileSync(scratch, `\uFEFF数据 1\r\n${sddl}\r\n`, 'utf16le');
    };
    expect(restrictByAcl(data, 'LINE-1\\王', run, scratch)).toBe(wasOpen);
    const written = ownerOnlyArguments(data, 'LINE-1\\王');
    expect(calls).toEqual([[data, '/save', scratch, '/Q'], ...(wasOpen ? [written] : [])]);
    expect(written).toEqual([
      data,
      '/inheritance:r',
      '/grant:r',
      'LINE-1\\王:(OI)(CI)F',
      '*S-1-5-18:(OI)(CI)F',
      '*S-1-5-32-544:(OI)(CI)F',
      '/Q',
    ]);
  });
});

describe('a file on Windows', () => {
  test.each([
    ['A2:B7:16:CA:2C:1D', 'A2-B7-16-CA-2C-1D'],
    ['SN 1/2\\3?', 'SN 1-2-3-'],
    ['con', '_con'],
    ['Nul.png', '_Nul.png'],
    ['console', 'console'],
    ['工位 1. ', '工位 1'],
    ['a\tb', 'a-b'],
    ['..', '_'],
  ])('is named %j as %j', (text, name) => {
    expect(portableFileName(text)).toBe(name);
  });

  test('of a package keeps its name elsewhere', () => {
    expect([nativeFileName('说明?.txt', true), nativeFileName('说明?.txt', false)]).toEqual([
      '说明-.txt',
      '说明?.txt',
    ]);
  });

  test('of a unit’s flash has no colon in its name, which elsewhere is the MAC', () => {
    const mac = 'A2:B7:16:CA:2C:1D';
    expect(flashPath('d', mac, 'json', true)).toBe(join('d', 'A2-B7-16-CA-2C-1D.json'));
    expect(flashPath('d', mac, 'json', false)).toBe(join('d', `${mac}.json`));
  });

  test('is renamed once the virus scanner lets go of it, and never tried again elsewhere', async () => {
    const held = Object.assign(new Error('held'), { code: 'EPERM' });
    let tries = 0;
    const rename = (): Promise<void> => (++tries < 4 ? Promise.reject(held) : Promise.resolve());
    await renameFile('a', 'b', true, rename);
    expect(tries).toBe(4);
    tries = 0;
    await expect(renameFile('a', 'b', false, rename)).rejects.toBe(held);
    expect(tries).toBe(1);
    const missing = Object.assign(new Error('missing'), { code: 'ENOENT' });
    await expect(renameFile('a', 'b', true, () => Promise.reject(missing))).rejects.toBe(missing);
  });
});

test('a signal to this process reaches its handlers, also where the system has no signals', () => {
  const heard: string[] = [];
  const others = process.listeners('SIGINT');
  // Test files share a process: a browser of another one ends it by this signal.
  process.removeAllListeners('SIGINT');
  try {
    process.once('SIGINT', (name) => heard.push(name));
    raiseSignal('SIGINT', true);
  } finally {
    for (const other of others) process.on('SIGINT', other);
  }
  expect(heard).toEqual(['SIGINT']);
});
