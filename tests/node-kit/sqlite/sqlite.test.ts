import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import {
  asDatabaseFault,
  type DatabaseFormat,
  migrateDatabase,
  type Migration,
  openForWriting,
  sqliteFaultCodeOf,
  tryLockFile,
  versionOf,
} from '../../../node-kit/sqlite/index.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { faultOf } from '../../support/fault-of.ts';
import { tempDir } from '../../support/temp-dir.ts';

const FIRST: Migration = { version: 10, sql: 'CREATE TABLE one (x INTEGER) STRICT' };
const SECOND: Migration = { version: 20, sql: 'CREATE TABLE two (x INTEGER) STRICT' };
const formatOf = (...migrations: Migration[]): DatabaseFormat => ({
  applicationId: 0x5445_5354,
  migrations,
  corrupt: (file, why) => new Fault('database-corrupt', `${file}: ${why}`),
  hints: { 'data-busy': 'Wait.' },
});
const OPTIONS = { busyTimeoutMs: 0 };

/** As it is after `migrations`. */
function made(file: string, ...migrations: Migration[]): DatabaseFormat {
  const format = formatOf(...migrations);
  const db = openForWriting(file, format, OPTIONS);
  migrateDatabase(db, format);
  db.close();
  return format;
}

describe('a database', () => {
  test('is opened durable, and with the options that were asked for', () => {
    using dir = tempDir('kit');
    const db = openForWriting(join(dir.path, 'a.db'), formatOf(FIRST), {
      busyTimeoutMs: 1234,
      walAutocheckpointPages: 77,
      secureDelete: true,
    });
    const get = (name: string): unknown => db.pragma(name, { simple: true });
    expect([get('journal_mode'), get('synchronous'), get('foreign_keys')]).toEqual(['wal', 2, 1]);
    expect([get('busy_timeout'), get('wal_autocheckpoint'), get('secure_delete')]).toEqual([1234, 77, 1]);
    db.close();
  });

  test('is migrated by the steps it lacks, with a hook before and one inside of the transaction', () => {
    using dir = tempDir('kit');
    const file = join(dir.path, 'a.db');
    made(file, FIRST);
    const format = formatOf(FIRST, SECOND);
    const db = openForWriting(file, format, OPTIONS);
    const calls: unknown[] = [];
    const hooks = {
      before: (version: number, newest: number) =>
        calls.push([version, newest, versionOf(db), db.inTransaction]),
      after: () => calls.push([versionOf(db), db.inTransaction]),
    };
    expect(migrateDatabase(db, format, hooks)).toBe(true);
    expect(calls).toEqual([
      [10, 20, 10, false],
      [20, true],
    ]);
    expect(migrateDatabase(db, format, hooks)).toBe(false);
    expect(calls).toHaveLength(2);
    expect(db.pragma('application_id', { simple: true })).toBe(format.applicationId);
    db.close();
  });

  test('is as it was when a step or the hook fails', () => {
    using dir = tempDir('kit');
    const file = join(dir.path, 'a.db');
    made(file, FIRST);
    const broken = formatOf(FIRST, SECOND, { version: 30, sql: 'CREATE TABLE one (x INTEGER) STRICT' });
    const db = openForWriting(file, broken, OPTIONS);
    expect(() => migrateDatabase(db, broken)).toThrow('its tables are not those of its version 10');
    const after = (): never => {
      throw new Error('the hook');
    };
    expect(() => migrateDatabase(db, formatOf(FIRST, SECOND), { after })).toThrow('the hook');
    expect(versionOf(db)).toBe(10);
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'two'").pluck().get()).toBe(0);
    db.close();
  });

  test('that another process has migrated meanwhile is left alone', () => {
    using dir = tempDir('kit');
    const file = join(dir.path, 'a.db');
    const format = formatOf(FIRST);
    const db = openForWriting(file, format, { busyTimeoutMs: 1000 });
    expect(migrateDatabase(db, format, { before: () => void made(file, FIRST) })).toBe(false);
    expect(versionOf(db)).toBe(10);
    db.close();
  });

  test('of a newer Gongwei, of another program, or none at all is refused', async () => {
    using dir = tempDir('kit');
    const [newer, foreign, garbage] = ['newer', 'foreign', 'garbage'].map((name) => join(dir.path, name));
    made(newer ?? '', FIRST, SECOND);
    new Database(foreign).exec('CREATE TABLE t (x)').close();
    writeFileSync(garbage ?? '', 'this is a text file\n'.repeat(500));
    const open = (file = ''): Promise<Fault> => faultOf(() => openForWriting(file, formatOf(FIRST), OPTIONS));
    expect(await open(newer)).toMatchObject({
      code: 'database-future',
      details: { version: 20, newest: 10 },
    });
    expect((await open(foreign)).code).toBe('database-corrupt');
    expect((await open(garbage)).code).toBe('database-corrupt');
  });

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'that may not be written is refused',
    async () => {
      using dir = tempDir('kit');
      const file = join(dir.path, 'a.db');
      made(file, FIRST);
      chmodSync(file, 0o400);
      expect((await faultOf(() => openForWriting(file, formatOf(FIRST), OPTIONS))).code).toBe('file-denied');
    },
  );
});

describe('an error of SQLite', () => {
  test.each([
    ['SQLITE_NOTADB', 'database-corrupt'],
    ['SQLITE_CORRUPT_INDEX', 'database-corrupt'],
    ['SQLITE_BUSY_SNAPSHOT', 'data-busy'],
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_READONLY_DBMOVED', 'file-missing'],
    ['SQLITE_IOERR_WRITE', 'disk-failing'],
    ['SQLITE_READONLY', 'file-denied'],
    ['SQLITE_IOERR_NOMEM', null],
    ['SQLITE_CONSTRAINT_UNIQUE', null],
  ])('%s is %s', (code, fault) => {
    using dir = tempDir('kit');
    const error = new Database.SqliteError('x', code);
    expect(sqliteFaultCodeOf(error)).toBe(fault);
    const made = asDatabaseFault(error, join(dir.path, 'a.db'), formatOf());
    if (fault === null) expect(made).toBe(error);
    else expect(made).toMatchObject({ code: fault });
  });

  test('gets the advice of its program, and errors of the file system are faults, too', () => {
    const busy = new Database.SqliteError('x', 'SQLITE_BUSY');
    expect(asDatabaseFault(busy, '/a.db', formatOf())).toMatchObject({ hint: 'Wait.', cause: busy });
    const full = Object.assign(new Error('x'), { code: 'ENOSPC' });
    expect(asDatabaseFault(full, '/a.db', formatOf())).toMatchObject({
      code: 'disk-full',
      details: { path: '/a.db', code: 'ENOSPC' },
    });
  });
});

describe('a lock', () => {
  test('is held by one process, and free when that was killed', async () => {
    using dir = tempDir('kit');
    const file = join(dir.path, 'a.lock');
    const hold = async (): Promise<[said: string, kill: () => Promise<unknown>]> => {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'lock-child.ts'), file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      const [said] = (await once(child.stdout, 'data')) as [Buffer];
      return [
        said.toString(),
        () => {
          child.kill('SIGKILL');
          return exited;
        },
      ];
    };
    const [said, kill] = await hold();
    expect(said).toBe('locked');
    expect(tryLockFile(file)).toBeNull();
    await kill();
    const own = tryLockFile(file);
    expect(own).not.toBeNull();
    expect(tryLockFile(file)).toBeNull();
    const [other, end] = await hold();
    expect(other).toBe('busy');
    await end();
    own?.[Symbol.dispose]();
    tryLockFile(file)?.[Symbol.dispose]();
  });

  test('on what is no file is an error of SQLite', () => {
    using dir = tempDir('kit');
    mkdirSync(join(dir.path, 'folder'));
    expect(() => tryLockFile(join(dir.path, 'folder'))).toThrow(Database.SqliteError);
  });
});
