import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  asFileFault,
  copyFileAtomic,
  fileFaultCodeOf,
  hasErrno,
  makeDir,
  renameDurablySync,
  readFileIfThere,
  readOrCreatePrivateFile,
  writeFileAtomic,
  writeFileAtomicSync,
} from '../../../node-kit/files/index.ts';
import { syncDirectory, syncDirectorySync } from '../../../node-kit/files/rename-durably.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { faultOf } from '../../support/fault-of.ts';
import { tempDir } from '../../support/temp-dir.ts';

const CHILD = join(import.meta.dirname, 'write-child.ts');
const UNREADABLE_DIR_CHILD = join(import.meta.dirname, 'unreadable-dir-child.ts');
const PRIVATE_CHILD = join(import.meta.dirname, 'private-child.ts');
const isPosix = process.platform !== 'win32';

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

async function* failing(): AsyncGenerator<string> {
  yield 'half of it';
  throw new Error('the rest is gone');
}

test.runIf(process.platform === 'linux')(
  'a directory that its file system cannot sync is no error',
  async () => {
    const fd = openSync('/proc', 'r');
    expect(() => fsyncSync(fd)).toThrow('EINVAL');
    closeSync(fd);
    expect(() => syncDirectorySync('/proc')).not.toThrow();
    await expect(syncDirectory('/proc')).resolves.toBeUndefined();
    expect(() => syncDirectorySync('/nowhere')).toThrow('ENOENT');
    await expect(syncDirectory('/nowhere')).rejects.toThrow('ENOENT');
  },
);

test.runIf(isPosix)('files can be written in a directory that may be written but not read', () => {
  using dir = tempDir('kit');
  const shared = join(dir.path, 'shared');
  mkdirSync(shared);
  chmodSync(dir.path, 0o711);
  chmodSync(shared, process.getuid?.() === 0 ? 0o733 : 0o300);
  const child = spawnSync(process.execPath, [UNREADABLE_DIR_CHILD, shared], { encoding: 'utf8' });
  chmodSync(shared, 0o700);
  expect(child).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(shared).map((name) => readFileSync(join(shared, name), 'utf8'))).toEqual([
    'a',
    'b',
    'c',
  ]);
});

test.runIf(isPosix)('an error of a change passes through the sync of its directory', async () => {
  using dir = tempDir('kit');
  const inside = join(dir.path, 'a', 'b');
  mkdirSync(join(dir.path, 'a'));
  const change = (): void => renameSync(join(dir.path, 'a'), inside);
  expect(() => syncDirectorySync(dir.path, change)).toThrow('EINVAL');
  await expect(syncDirectory(dir.path, async () => change())).rejects.toThrow('EINVAL');
});

describe('an atomic write', () => {
  test('makes the file with its rights, of text, bytes or pieces, and leaves no temporary file', async () => {
    using dir = tempDir('kit');
    const path = join(dir.path, 'a');
    expect(await writeFileAtomic(path, 'schön', { mode: 0o600 })).toBe(6);
    expect(readFileSync(path, 'utf8')).toBe('schön');
    if (isPosix) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await writeFileAtomic(path, Uint8Array.of(1, 2, 3))).toBe(3);
    const long = 'x'.repeat(200_000);
    expect(await writeFileAtomic(path, pieces('a', long, 'b'))).toBe(200_002);
    expect(readFileSync(path, 'utf8')).toBe(`a${long}b`);
    expect(writeFileAtomicSync(path, ['ä', 'b'])).toBe(3);
    expect(readFileSync(path, 'utf8')).toBe('äb');
    expect(readdirSync(dir.path)).toEqual(['a']);
  });

  test('that fails or is stopped leaves the old content and no temporary file', async () => {
    using dir = tempDir('kit');
    const path = join(dir.path, 'a');
    writeFileSync(path, 'old');
    await expect(writeFileAtomic(path, failing())).rejects.toThrow('the rest is gone');
    const signal = AbortSignal.abort(new Fault('cancelled', 'stopped'));
    expect((await faultOf(() => writeFileAtomic(path, 'new', { signal }))).message).toBe('stopped');
    expect(() =>
      writeFileAtomicSync(
        path,
        (function* () {
          yield 'half of it';
          throw new Error('the rest is gone');
        })(),
      ),
    ).toThrow('the rest is gone');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(dir.path)).toEqual(['a']);
  });

  test('where there is no folder fails with the error of the system, also below a file', async () => {
    using dir = tempDir('kit');
    writeFileSync(join(dir.path, 'file'), '');
    await expect(writeFileAtomic(join(dir.path, 'none', 'a'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(writeFileAtomic(join(dir.path, 'file', 'a'), 'x')).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
    mkdirSync(join(dir.path, 'a'));
    let isMade = false;
    const content = async function* (): AsyncGenerator<string> {
      isMade = true;
      yield* pieces('x');
    };
    expect(await faultOf(() => writeFileAtomic(join(dir.path, 'a'), content()))).toMatchObject({
      code: 'file-denied',
      message: `${join(dir.path, 'a')} is a folder`,
    });
    expect(isMade).toBe(false);
    expect(readdirSync(dir.path).sort()).toEqual(['a', 'file']);
  });

  test.runIf(isPosix)('does not replace a link or a pipe', async () => {
    using dir = tempDir('kit');
    const [file, link, dangling, fifo] = ['file', 'link', 'dangling', 'fifo'].map((name) =>
      join(dir.path, name),
    ) as [string, string, string, string];
    writeFileSync(file, 'old');
    symlinkSync(file, link);
    symlinkSync(join(dir.path, 'none'), dangling);
    execFileSync('mkfifo', [fifo]);
    for (const path of [link, dangling, fifo]) {
      expect(await faultOf(() => writeFileAtomic(path, 'new'))).toMatchObject({ code: 'file-denied' });
      expect(await faultOf(() => writeFileAtomicSync(path, ['new']))).toMatchObject({ code: 'file-denied' });
    }
    expect(readFileSync(link, 'utf8')).toBe('old');
    expect(lstatSync(fifo).isFIFO()).toBe(true);
    expect(readdirSync(dir.path).sort()).toEqual(['dangling', 'fifo', 'file', 'link']);
  });

  test('removes what killed writers of the path left more than a day ago, and nothing else', async () => {
    using dir = tempDir('kit');
    const path = join(dir.path, 'a');
    const [left, young] = [randomUUID(), randomUUID()].map((id) => `a.${id}.part`) as [string, string];
    const others = ['a.part', `b.${randomUUID()}.part`, `a.${randomUUID()}.part.txt`, 'a.1.part'];
    for (const name of [left, young, ...others]) writeFileSync(join(dir.path, name), '');
    const old = new Date(Date.now() - 2 * 86_400_000);
    for (const name of [left, ...others]) utimesSync(join(dir.path, name), old, old);
    await writeFileAtomic(path, 'x');
    expect(readdirSync(dir.path)).toContain(left);
    await writeFileAtomic(path, 'x', { removeLeftovers: true });
    expect(readdirSync(dir.path).sort()).toEqual(['a', young, ...others].sort());
  });

  test('copies whole files, over a new name only where one is asked for', async () => {
    using dir = tempDir('kit');
    const [from, to] = [join(dir.path, 'from'), join(dir.path, 'to')];
    writeFileSync(from, 'new'.repeat(100_000));
    writeFileSync(to, 'old');
    expect(await faultOf(() => copyFileAtomic(from, to, { isNew: true }))).toMatchObject({
      code: 'file-denied',
      message: `${to} exists already`,
    });
    expect(await faultOf(() => copyFileAtomic(join(dir.path, 'none'), to))).toMatchObject({
      code: 'file-missing',
      message: expect.stringContaining('none') as string,
    });
    expect(readFileSync(to, 'utf8')).toBe('old');
    expect(await copyFileAtomic(from, to)).toBe(300_000);
    expect(readFileSync(to, 'utf8')).toBe(readFileSync(from, 'utf8'));
    expect(readdirSync(dir.path).sort()).toEqual(['from', 'to']);
  });

  test('writers of one path side by side each write a whole file', async () => {
    using dir = tempDir('kit');
    const path = join(dir.path, 'a');
    await Promise.all(['a', 'b', 'c', 'd'].map((letter) => writeFileAtomic(path, letter.repeat(100_000))));
    expect(readFileSync(path, 'utf8')).toMatch(/^(a+|b+|c+|d+)$/);
    expect(readdirSync(dir.path)).toEqual(['a']);
  });

  test('killed at any moment leaves a whole file, and one temporary file at most, which the next write replaces', async () => {
    using dir = tempDir('kit');
    const path = join(dir.path, 'a');
    for (let round = 0; round < 6; round++) {
      const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(child, 'exit');
      await once(child.stdout, 'data');
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 20);
      await exited;
      const content = readFileSync(path, 'utf8');
      expect(content).toHaveLength(300_000);
      expect(new Set(content).size).toBe(1);
      expect(readdirSync(dir.path).filter((name) => name !== 'a' && name !== '.a.draft')).toEqual([]);
    }
    await writeFileAtomic(path, 'after', { temporaryFile: join(dir.path, '.a.draft') });
    expect(readdirSync(dir.path)).toEqual(['a']);
  });
});

test('a published file replaces the one of its name', () => {
  using dir = tempDir('kit');
  const [temporaryFile, path] = [join(dir.path, 'temporary'), join(dir.path, 'a')];
  writeFileSync(path, 'old');
  writeFileSync(temporaryFile, 'new');
  renameDurablySync(temporaryFile, path);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(dir.path)).toEqual(['a']);
});

describe('a private file', () => {
  test('is made once, for its owner alone', () => {
    using dir = tempDir('kit');
    const path = join(dir.path, 'key');
    expect(readFileIfThere(path)).toBeNull();
    expect(readOrCreatePrivateFile(path, () => 'first').toString()).toBe('first');
    expect(readOrCreatePrivateFile(path, () => 'second').toString()).toBe('first');
    if (isPosix) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir.path)).toEqual(['key']);
  });

  test('of processes that start together has one content for all of them', async () => {
    using dir = tempDir('kit');
    const path = join(dir.path, 'key');
    const run = promisify(execFile);
    const said = await Promise.all([1, 2, 3].map(() => run(process.execPath, [PRIVATE_CHILD, path])));
    expect(new Set(said.map(({ stdout }) => stdout))).toEqual(new Set([readFileSync(path).toString('hex')]));
    expect(readdirSync(dir.path)).toEqual(['key']);
  });
});

describe('an error of the file system', () => {
  const error = (code: string): Error => Object.assign(new Error(code), { code });

  test.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EROFS', 'disk-read-only'],
    ['EIO', 'disk-failing'],
    ['EACCES', 'file-denied'],
    ['EISDIR', 'file-denied'],
    ['ENOENT', 'file-missing'],
    ['EBUSY', 'data-busy'],
  ])('%s is the fault %s, which names the file and keeps the cause', (code, fault) => {
    const cause = error(code);
    expect(asFileFault(cause, '/data/a', 'written')).toMatchObject({ code: fault, cause });
    expect((asFileFault(cause, '/data/a', 'written') as Fault).message).toContain('/data/a');
    expect((asFileFault(cause, '/data/a', 'read') as Fault).hint).not.toBeNull();
  });

  test('gets the words of its place, and the usual ones for what that leaves out', () => {
    const words = { 'file-missing': { hint: 'Import it again.' } } as const;
    expect(asFileFault(error('ENOENT'), '/a', 'read', words)).toMatchObject({
      message: '/a does not exist',
      hint: 'Import it again.',
    });
    expect(asFileFault(error('EACCES'), '/a', 'read', words)).toMatchObject({ message: '/a cannot be read' });
  });

  test('that is another error, a fault, or none of a table passes through', () => {
    for (const other of [
      new Fault('timeout', 'late'),
      error('ECONNRESET'),
      error('toString'),
      new Error('x'),
      null,
    ])
      expect(asFileFault(other, '/a', 'read')).toBe(other);
    expect(fileFaultCodeOf(undefined)).toBeNull();
    expect(hasErrno(error('ENOENT'), 'EACCES', 'ENOENT')).toBe(true);
    expect(hasErrno(null, 'ENOENT')).toBe(false);
  });
});

test('makeDir makes what is missing, and says where nothing can be made', async () => {
  using dir = tempDir('kit');
  makeDir(join(dir.path, 'a', 'b', 'c'));
  makeDir(join(dir.path, 'a', 'b', 'c'));
  expect(readdirSync(join(dir.path, 'a', 'b'))).toEqual(['c']);
  writeFileSync(join(dir.path, 'file'), '');
  expect((await faultOf(() => makeDir(join(dir.path, 'file', 'a')))).code).toBe('file-denied');
});
