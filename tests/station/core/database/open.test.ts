import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../station/core/database/database.ts';
import {
  openStationDatabase,
  openStationDatabaseForReading,
  type WritableDatabase,
  databaseFile,
} from '../../../../station/core/database/index.ts';
import { MIGRATIONS } from '../../../../station/core/database/migrations/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { addTriples, openSampleStore, PRODUCT } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const newest = MIGRATIONS.at(-1)?.version ?? 0;

/** Writes a database as some other program would. */
function otherDatabase(file: string, pragmas: readonly string[] = []): Buffer {
  const db = new Database(file);
  db.exec('CREATE TABLE cookies (host TEXT); INSERT INTO cookies VALUES (1)');
  for (const pragma of pragmas) db.pragma(pragma);
  db.close();
  return readFileSync(file);
}

describe('the schema', () => {
  it('comes step by step, and each step is made from the one before', () => {
    for (const [at, migration] of MIGRATIONS.entries()) {
      expect(migration.version).toBeGreaterThan(MIGRATIONS[at - 1]?.version ?? 0);
      using dir = tempDir();
      const file = join(dir.path, 'station.db');
      openDatabase(file, MIGRATIONS.slice(0, at + 1)).db.close();
      const { db, backupPath } = openDatabase(file);
      expect(db.pragma('user_version', { simple: true })).toBe(newest);
      expect(backupPath === null).toBe(at === MIGRATIONS.length - 1);
      db.close();
      // The copy made before is a database of the version before.
      if (backupPath === null) continue;
      const before = new Database(backupPath, { readonly: true });
      expect(before.pragma('user_version', { simple: true })).toBe(migration.version);
      expect(before.pragma('integrity_check', { simple: true })).toBe('ok');
      before.close();
    }
  });

  it('is the same whether made at once or step by step', () => {
    using dir = tempDir();
    const contentsOf = (file: string): unknown => {
      const { db } = openDatabase(file);
      const schema = db
        .prepare<[], { type: string; name: string }>(
          'SELECT type, name, sql FROM sqlite_schema ORDER BY type, name',
        )
        .all();
      const rows = schema
        .filter(({ type }) => type === 'table')
        .map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]);
      db.close();
      return { schema, rows };
    };
    const stepwise = join(dir.path, 'stepwise.db');
    for (const at of MIGRATIONS.keys()) openDatabase(stepwise, MIGRATIONS.slice(0, at + 1)).db.close();
    expect(contentsOf(stepwise)).toEqual(contentsOf(join(dir.path, 'at-once.db')));
  });

  it('keeps data when it grows, and is left as it was when a step fails', async () => {
    using dir = tempDir();
    {
      const database = openStationDatabase(dir.path);
      addTriples(database, 3);
      database.close();
    }
    const file = databaseFile(dir.path);
    const broken = { version: newest + 10, sql: 'CREATE TABLE extra (x); CREATE TABLE extra (x);' };
    expect(() => openDatabase(file, [...MIGRATIONS, broken])).toThrow(/extra/);
    const database = openStationDatabase(dir.path);
    expect(database.triples.countByState()[0]?.states.available).toBe(3);
    database.close();
    const { db } = openDatabase(file, [
      ...MIGRATIONS,
      { version: newest + 10, sql: 'CREATE TABLE extra (x)' },
    ]);
    expect(db.prepare('SELECT count(*) AS n FROM triple').get()).toEqual({ n: 3 });
    db.close();
    // Now it is from the future for the program that is here.
    expect(await faultOf(() => openStationDatabase(dir.path))).toMatchObject({
      code: 'database-future',
      details: { version: newest + 10, newest },
    });
  });

  it('is written as durably as it promises', () => {
    using dir = tempDir();
    const { db } = openDatabase(join(dir.path, 'station.db'));
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    const loose = db
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%STRICT%' AND name NOT GLOB 'sqlite_*'",
      )
      .all();
    expect(loose).toEqual([]);
    db.close();
  });
});

describe('a file that is not a station’s database', () => {
  it.each<[string, (file: string) => void, string]>([
    ['garbage', (file) => writeFileSync(file, 'this is a text file\n'.repeat(500)), 'database-corrupt'],
    ['another program’s database', (file) => void otherDatabase(file), 'database-corrupt'],
    [
      'another program’s database with a version',
      (file) => void otherDatabase(file, ['user_version = 3']),
      'database-corrupt',
    ],
    [
      'another program’s database with an id',
      (file) => void otherDatabase(file, ['application_id = 7']),
      'database-corrupt',
    ],
    [
      'a database from the future',
      (file) => {
        openDatabase(file).db.close();
        const db = new Database(file);
        db.pragma(`user_version = ${newest + 10}`);
        db.pragma('journal_mode = DELETE');
        db.close();
      },
      'database-future',
    ],
  ])('%s is refused and not touched', async (_what, make, code) => {
    using dir = tempDir();
    const file = databaseFile(dir.path);
    make(file);
    const before = readFileSync(file);
    const fault = await faultOf(() => openStationDatabase(dir.path));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(file);
    expect(fault.message).not.toContain('\n');
    expect(fault.hint).not.toBeNull();
    expect(readFileSync(file).equals(before)).toBe(true);
    expect((await faultOf(() => openStationDatabaseForReading(dir.path))).code).toBe(code);
    expect(readdirSync(dir.path).filter((name) => name.includes('before'))).toEqual([]);
    // The lock is let go: what stands in the way is the file, not a process.
    expect((await faultOf(() => openStationDatabase(dir.path))).code).toBe(code);
  });

  it('that has lost a table is refused', async () => {
    using dir = tempDir();
    const { db } = openDatabase(databaseFile(dir.path));
    db.exec('DROP TABLE outbox');
    db.close();
    expect((await faultOf(() => openStationDatabase(dir.path))).code).toBe('database-corrupt');
    expect((await faultOf(() => openStationDatabaseForReading(dir.path))).code).toBe('database-corrupt');
  });

  it('damaged in the middle is refused', async () => {
    using dir = tempDir();
    {
      const database = openStationDatabase(dir.path);
      addTriples(database, 2000);
      database.close();
    }
    const bytes = readFileSync(databaseFile(dir.path));
    bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 20_000);
    writeFileSync(databaseFile(dir.path), bytes);
    expect((await faultOf(() => openStationDatabase(dir.path))).code).toBe('database-corrupt');
  });

  it('cut short is refused', async () => {
    using dir = tempDir();
    {
      const database = openStationDatabase(dir.path);
      addTriples(database, 2000);
      database.close();
    }
    const bytes = readFileSync(databaseFile(dir.path));
    writeFileSync(databaseFile(dir.path), bytes.subarray(0, Math.floor(bytes.length / 3)));
    expect((await faultOf(() => openStationDatabase(dir.path))).code).toBe('database-corrupt');
  });

  it.each<[string, (dir: string) => string]>([
    [
      'a file stands where the directory should be',
      (dir) => {
        writeFileSync(join(dir, 'file'), '');
        return join(dir, 'file');
      },
    ],
    [
      'a file stands above it',
      (dir) => {
        writeFileSync(join(dir, 'file'), '');
        return join(dir, 'file', 'below');
      },
    ],
    [
      'a directory stands where the database should be',
      (dir) => {
        mkdirSync(join(dir, 'data', 'station.db'), { recursive: true });
        return join(dir, 'data');
      },
    ],
    ['the file system takes nothing', () => '/sys/gongwei-cannot-be-here'],
  ])('cannot be made where %s', async (_what, place) => {
    using dir = tempDir();
    const fault = await faultOf(() => openStationDatabase(place(dir.path)));
    expect(fault.code).toBe('file-denied');
    expect(fault.message).not.toContain('\n');
  });

  it('is not looked for by one who only looks', async () => {
    using dir = tempDir();
    expect((await faultOf(() => openStationDatabaseForReading(dir.path))).code).toBe('not-found');
    expect(existsSync(databaseFile(dir.path))).toBe(false);
  });
});

describe('the lock', () => {
  it('keeps a second owner out, lets readers in, and goes with its owner', async () => {
    using dir = tempDir();
    const owner = openSampleStore(dir.path);
    const fault = await faultOf(() => openStationDatabase(dir.path));
    expect(fault).toMatchObject({ code: 'data-busy' });
    expect(fault.message).toContain(String(process.pid));
    const reader = openStationDatabaseForReading(dir.path);
    expect(reader.triples.countByState()[0]?.productId).toBe(PRODUCT);
    expect(() => addTriples(reader as WritableDatabase, 9)).toThrow();
    reader.close();
    owner.close();
    openStationDatabase(dir.path).close();
  });

  it('of a killed process is no lock', async () => {
    using dir = tempDir();
    const database = new URL('../../../../station/core/database/index.ts', import.meta.url).href;
    const script = `const { openStationDatabase } = await import(${JSON.stringify(database)});
      // Its owner keeps it; without an owner it would be collected, and its lock released.
      globalThis.database = openStationDatabase(${JSON.stringify(dir.path)}); console.log('open'); setInterval(() => {}, 2 ** 30);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(createInterface(child.stdout), 'line');
    expect(await faultOf(() => openStationDatabase(dir.path))).toMatchObject({
      code: 'data-busy',
      message: expect.stringContaining(`process ${child.pid}`) as string,
    });
    child.kill('SIGKILL');
    await exited;
    openStationDatabase(dir.path).close();
  });
});

describe('a backup', () => {
  it('made while the database is in use opens and holds the same', async () => {
    using dir = tempDir();
    const database = openSampleStore(dir.path);
    const path = await database.backup('20260101T000000');
    using restored = tempDir();
    writeFileSync(databaseFile(restored.path), readFileSync(path));
    const copy = openStationDatabase(restored.path);
    const rows = (s: typeof database): unknown => [
      s.triples.countByState(),
      s.triples.findById(1),
      s.batches.list(),
      s.outbox.getCounts(),
    ];
    expect(rows(copy)).toEqual(rows(database));
    copy.close();
    // Under the same name there is never an older one.
    database.transaction(() => database.meta.set('later', 'yes'));
    expect(await database.backup('20260101T000000')).toBe(path);
    const again = new Database(path, { readonly: true });
    expect(again.prepare("SELECT value FROM meta WHERE key = 'later'").get()).toEqual({ value: 'yes' });
    again.close();
    database.close();
    const names = readdirSync(join(dir.path, 'backups')).filter((name) => !/-(?:wal|shm)$/.test(name));
    expect(names).toEqual(['station-20260101T000000.db']);
  });
});
