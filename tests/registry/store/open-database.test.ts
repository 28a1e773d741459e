import Database from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore } from '#registry';
import { MIGRATIONS } from '../../../registry/store/migrations/index.ts';
import { openDatabase } from '../../../registry/store/open-database.ts';
import { presenceTable } from '../../../registry/store/presence.ts';
import { tempDir } from '../../support/temp-dir.ts';

const NEXT = (MIGRATIONS.at(-1)?.version ?? 0) + 10;

describe('the database', () => {
  it('is opened durable, checked and strict', () => {
    using dir = tempDir();
    const db = openDatabase(join(dir.path, 'registry.db'));
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    const loose = db.prepare(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT GLOB 'sqlite_*'`,
    );
    expect(loose.all()).toEqual([]);
    db.close();
  });

  it('is as durable as before after a device came and went', () => {
    using dir = tempDir();
    const db = openDatabase(join(dir.path, 'registry.db'));
    const presence = presenceTable(db);
    presence.loggedIn(1, 1);
    presence.seen(1, 2);
    presence.loggedOut(1, 3);
    presence.allOffline();
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    db.close();
  });

  it('of a newer Gongwei is refused and left as it was', async () => {
    using dir = tempDir();
    openRegistryStore(dir.path).close();
    const file = join(dir.path, 'registry.db');
    const newer = new Database(file);
    newer.pragma('user_version = 9990');
    newer.close();
    expect(() => openRegistryStore(dir.path)).toThrow(expect.objectContaining({ code: 'database-future' }));
    await expect(createRegistry({ dataDir: dir.path })).rejects.toMatchObject({ code: 'database-future' });
    const after = new Database(file);
    expect(after.pragma('user_version', { simple: true })).toBe(9990);
    after.close();
  });

  it('of another program, or no database at all, is refused', () => {
    using dir = tempDir();
    const foreign = join(dir.path, 'foreign.db');
    const other = new Database(foreign);
    other.exec('CREATE TABLE t (x)');
    other.pragma('user_version = 3');
    other.close();
    const garbage = join(dir.path, 'garbage.db');
    writeFileSync(garbage, 'this is not a database, however long one looks at it. '.repeat(100));
    for (const file of [foreign, garbage]) {
      expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'database-corrupt' }));
    }
  });

  it('is migrated from every version before, keeping what is in it', () => {
    using dir = tempDir();
    const file = join(dir.path, 'registry.db');
    const before = openDatabase(file);
    before.exec(`INSERT INTO products VALUES ('P', 'p', 1)`);
    before.close();
    const next = [...MIGRATIONS, { version: NEXT, sql: 'ALTER TABLE products ADD COLUMN note TEXT' }];
    const after = openDatabase(file, next);
    expect(after.prepare('SELECT * FROM products').all()).toEqual([
      { product_id: 'P', name: 'p', created_ms: 1, note: null },
    ]);
    expect(after.pragma('user_version', { simple: true })).toBe(NEXT);
    after.close();
    expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'database-future' }));
  });

  it('stays at the version before when a migration fails half way', () => {
    using dir = tempDir();
    const file = join(dir.path, 'registry.db');
    openDatabase(file).close();
    const broken = [
      ...MIGRATIONS,
      { version: NEXT, sql: 'CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE;' },
    ];
    expect(() => openDatabase(file, broken)).toThrow();
    const after = openDatabase(file);
    expect(after.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).all()).toEqual([]);
    after.close();
  });

  it('enforces one live identity per chip and one login name per device by constraints', () => {
    using dir = tempDir();
    const db = openDatabase(join(dir.path, 'registry.db'));
    db.exec(`INSERT INTO products VALUES ('AB', 'x', 1), ('ABC', 'y', 1)`);
    const insert = db.prepare(
      `INSERT INTO devices (product_id, device_name, client_id, sealed_secret, state, chip_id, created_ms)
       VALUES (?, ?, ?, x'00', ?, ?, 1)`,
    );
    insert.run('AB', 'C1', 'ABC1', 'bound', 'AA');
    expect(() => insert.run('ABC', '1', 'ABC1', 'available', null)).toThrow(/UNIQUE/);
    expect(() => insert.run('AB', 'D', 'ABD', 'bound', 'AA')).toThrow(/UNIQUE/);
    expect(() => insert.run('AB', 'E', 'ABE', 'bound', null)).toThrow(/CHECK/);
    expect(() => insert.run('AB', 'F', 'other', 'available', null)).toThrow(/CHECK/);
    insert.run('AB', 'G', 'ABG', 'retired', 'AA');
    db.close();
  });
});
