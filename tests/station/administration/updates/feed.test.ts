import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  chooseInstaller,
  feedName,
  type InstallTarget,
  parseFeed,
} from '../../../../station/administration/updates/feed.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { publish } from './publish.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const target = (kind: InstallTarget['kind'], arch = 'x64', isAppImage = false): InstallTarget => ({
  kind,
  arch,
  isAppImage,
});

describe("electron-builder's descriptions of updates", () => {
  it('are read on each system, with the installer for its processor', async () => {
    using dir = tempDir('feeds');
    await publish(dir.path, {
      system: 'WINDOWS',
      version: '2.0.0-beta.1',
      files: { 'Gongwei Setup 2.0.0.exe': bytes('exe') },
    });
    await publish(dir.path, {
      system: 'MAC',
      version: '2.0.0',
      files: {
        'Gongwei-2.0.0.dmg': bytes('intel'),
        'Gongwei-2.0.0-arm64.dmg': bytes('arm'),
        'Gongwei-2.0.0-mac.zip': bytes('zip'),
      },
    });
    await publish(dir.path, {
      system: 'LINUX',
      version: '2.0.0',
      files: { 'Gongwei-2.0.0.AppImage': bytes('image'), 'gongwei_2.0.0_amd64.deb': bytes('deb') },
    });
    await publish(dir.path, {
      system: 'LINUX',
      arch: 'arm64',
      version: '2.0.0',
      files: { 'Gongwei-2.0.0-arm64.AppImage': bytes('image of arm') },
    });
    const chosen = (of: InstallTarget): string | undefined => {
      const name = feedName(of);
      return chooseInstaller(parseFeed(readFileSync(join(dir.path, name), 'utf8'), name), of)?.url;
    };
    expect(chosen(target('windows'))).toBe('Gongwei Setup 2.0.0.exe');
    expect(chosen(target('macos'))).toBe('Gongwei-2.0.0.dmg');
    expect(chosen(target('macos', 'arm64'))).toBe('Gongwei-2.0.0-arm64.dmg');
    expect(chosen(target('linux'))).toBe('gongwei_2.0.0_amd64.deb');
    expect(chosen(target('linux', 'x64', true))).toBe('Gongwei-2.0.0.AppImage');
    expect(chosen(target('linux', 'arm64'))).toBe('Gongwei-2.0.0-arm64.AppImage');
    // An installer for another processor is none.
    const onlyArm = parseFeed(readFileSync(join(dir.path, 'latest-linux-arm64.yml'), 'utf8'), 'x');
    expect(chooseInstaller(onlyArm, target('linux'))).toBeNull();
  });

  const VALID = `version: 2.0.0\nfiles:\n  - url: g.exe\n    sha512: ${Buffer.alloc(64).toString('base64')}\n`;
  it.each([
    ['keys within keys', `releaseNotes:\n  ${'? '.repeat(400)}a\n`],
    ['many open brackets', `releaseNotes: ${'['.repeat(120_000)}`],
    ['lists within lists', `more: ${'['.repeat(101)}${']'.repeat(101)}\n`],
    ['thousands of keys', Array.from({ length: 1_001 }, (_, n) => `key${n}: 1\n`).join('')],
    ['thousands of words', `more: [${'a, '.repeat(31_000)}]\n`],
    ['aliases', 'a: &a [1]\nb: [*a, *a]\n'],
    ['a list as a key', '? [a, b]\n: 1\n'],
    ['a second document', '---\nversion: 3.0.0\n'],
  ])('are refused with %s, which others could send to stop the station', (_, more) => {
    expect(parseFeed(VALID, 'latest.yml').version).toBe('2.0.0');
    expect(() => parseFeed(VALID + more, 'latest.yml')).toThrowError(
      expect.objectContaining({ code: 'update-invalid' }) as Error,
    );
  });

  it.each([
    'a/b.exe',
    'a\\b.exe',
    '.exe',
    'C:g.exe',
    'g\n.exe',
    'g\0.exe',
    'g\u202eexe.deb',
    'con.exe',
    'g.exe ',
  ])('are refused with the file name %j', (name) => {
    const text = VALID.replace('g.exe', () => JSON.stringify(name));
    expect(() => parseFeed(text, 'latest.yml')).toThrowError(
      expect.objectContaining({ code: 'update-invalid' }) as Error,
    );
  });
});
