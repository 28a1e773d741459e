import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createNodePlatform, examine } from '#station';
import { restrictToOwner } from '../../station/core/database/index.ts';
import { addBatch, beginRun } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { soon } from '../support/patience.ts';
import { openStation } from '../kit/station.ts';
import { runCommand } from '../kit/command-line.ts';
import { NEVER_ABORTED } from '../support/never-aborted.ts';

const NOBODY = 65_534;
const POSIX = process.platform !== 'win32';
/** Only root can run a process as another user; the permissions are checked in any case. */
const ROOT = process.getuid?.() === 0;

/** All paths of a directory, itself included, relative to it. */
function modes(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  const look = (path: string, name: string): void => {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return;
    found[name] = (stat.mode & 0o777).toString(8);
    if (stat.isDirectory()) for (const one of readdirSync(path)) look(join(path, one), `${name}/${one}`);
  };
  look(dir, '.');
  return found;
}

function othersMayUse(dir: string): string[] {
  return Object.entries(modes(dir))
    .filter(([, mode]) => !mode.endsWith('00'))
    .map(([name, mode]) => `${name} ${mode}`);
}

/** The files that the OS user `nobody` can read, and the directories that it can list. */
function readAsNobody(paths: readonly string[]): string[] {
  const { stdout, error } = spawnSync(
    '/bin/sh',
    [
      '-c',
      'for p in "$@"; do { cat "$p" || ls "$p"; } >/dev/null 2>&1 && echo "$p"; done; id -u',
      'sh',
      ...paths,
    ],
    { uid: NOBODY, gid: NOBODY, encoding: 'utf8' },
  );
  if (error !== undefined) throw error;
  const lines = stdout.trim().split('\n');
  expect(lines.pop()).toBe(String(NOBODY));
  return lines;
}

/** A data directory of an earlier version: all permissions for all users, in a folder that all may enter. */
async function openToAll(): Promise<Disposable & { readonly path: string }> {
  const dir = tempDir('neighbour');
  chmodSync(dir.path, 0o755);
  const path = join(dir.path, 'data');
  const station = await openStation(path);
  addBatch(station.database);
  station.database.transaction(() => beginRun(station.database, 'r1', 'SN1'));
  await station.database.backup('20260101T000000Z');
  await station.reports.export('B', 'csv', undefined, NEVER_ABORTED);
  await station.close();
  mkdirSync(join(path, 'logs'), { recursive: true });
  writeFileSync(join(path, 'logs', 'old.jsonl'), '{}\n');
  const widen = (one: string): void => {
    chmodSync(one, lstatSync(one).isDirectory() ? 0o755 : 0o644);
    if (lstatSync(one).isDirectory()) for (const name of readdirSync(one)) widen(join(one, name));
  };
  widen(path);
  return { path, [Symbol.dispose]: () => dir[Symbol.dispose]() };
}

describe.skipIf(!POSIX)('another user of this computer', () => {
  test('gets nothing of what a station writes, nor of what versions before it left open to all', async () => {
    using dir = await openToAll();
    const before = Object.keys(modes(dir.path)).map((name) => join(dir.path, name));
    if (ROOT) expect(readAsNobody(before)).toContain(join(dir.path, 'station.db'));
    const added = await runCommand(
      ['user', 'add', 'Wang', '--role', 'engineer', '--data', dir.path],
      '246813\n',
    );
    expect(added.status).toBe(0);
    expect(othersMayUse(dir.path)).toEqual([]);
    const all = Object.keys(modes(dir.path)).map((name) => join(dir.path, name));
    if (ROOT) expect(readAsNobody(all)).toEqual([]);
  });

  test('gets a report that was written to a folder that he may look into, and no backup anywhere', async () => {
    using dir = await openToAll();
    using leaving = tempDir('leaving');
    const data = ['--data', dir.path];
    for (const [folder, mode] of [
      ['public', 0o755],
      ['private', 0o700],
    ] as const) {
      mkdirSync(join(leaving.path, folder));
      chmodSync(join(leaving.path, folder), mode);
      const to = join(leaving.path, folder);
      expect(
        (await runCommand(['report', 'B', '--format', 'csv', '--out', join(to, 'B.csv'), ...data])).status,
      ).toBe(0);
      expect((await runCommand(['backup', '--to', to, ...data])).status).toBe(0);
    }
    const rights = modes(leaving.path);
    expect(rights['./public/B.csv']).toBe('644');
    expect(rights['./private/B.csv']).toBe('600');
    const copies = Object.entries(rights).filter(([name]) => name.endsWith('.db'));
    expect(copies.map(([, mode]) => mode)).toEqual(['600', '600']);
  });

  test('gets nothing once doctor has looked, which says what it mended, and then finds nothing more', async () => {
    using dir = await openToAll();
    const rights = async (): Promise<unknown> => {
      const checks = new Map<string, unknown>();
      const platform = createNodePlatform(dir.path);
      for await (const check of examine(platform, { ports: [], ble: null }, soon()))
        checks.set(check.name, check);
      return checks.get('rights');
    };
    expect(await rights()).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(
        /^other users could read .*data and [1-9]\d* files in it; mended/,
      ) as string,
    });
    expect(othersMayUse(dir.path)).toEqual([]);
    expect(await rights()).toMatchObject({ level: 'ok' });
    // One open file in a closed directory: doctor checks each file.
    chmodSync(join(dir.path, 'station.db'), 0o644);
    expect(await rights()).toMatchObject({ level: 'warn' });
    expect(othersMayUse(dir.path)).toEqual([]);
  });

  test('is not followed through a link that he left in an open directory', async () => {
    using dir = await openToAll();
    using elsewhere = tempDir('elsewhere');
    const target = join(elsewhere.path, 'theirs');
    writeFileSync(target, '');
    chmodSync(target, 0o644);
    symlinkSync(target, join(dir.path, 'link'));
    expect(restrictToOwner(dir.path).left).toEqual([]);
    expect(lstatSync(target).mode & 0o777).toBe(0o644);
    expect(existsSync(join(dir.path, 'link'))).toBe(true);
  });

  test('keeps a folder that is for all, such as /tmp', () => {
    using dir = tempDir('sticky');
    chmodSync(dir.path, 0o1777);
    expect(restrictToOwner(dir.path)).toEqual({ directory: false, files: 0, left: [dir.path] });
    expect(lstatSync(dir.path).mode & 0o7777).toBe(0o1777);
  });
});

test('every host takes the rights of others from what it will make, before it makes anything', async () => {
  const { readFileSync } = await import('node:fs');
  for (const host of ['cli/main.ts', 'electron/main/index.ts', 'electron/core/index.ts'])
    expect(readFileSync(join(import.meta.dirname, '../..', host), 'utf8')).toContain('process.umask(0o077)');
});
