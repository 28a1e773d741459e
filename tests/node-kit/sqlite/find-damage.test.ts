import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { findDamage, readBeside, sqliteFaultCodeOf } from '../../../node-kit/sqlite/index.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { countTurns } from '../../support/count-turns.ts';
import { faultOf } from '../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { tempDir } from '../../support/temp-dir.ts';

const PAGE_BYTES = 4096;
/** The event loop turns a few times for the messages of a thread; a loop that is free turns far more often. */
const FREE_TURNS = 100;

function makeDatabase(dir: string, rows: number): string {
  const file = join(dir, 'some.db');
  const db = new Database(file);
  db.exec('CREATE TABLE part (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
  db.exec('CREATE INDEX part_name ON part (name)');
  db.exec('CREATE TABLE "odd ""name" (k TEXT PRIMARY KEY) WITHOUT ROWID, STRICT');
  const add = db.prepare('INSERT INTO part (name) VALUES (?)');
  db.transaction(() => {
    for (let n = 0; n < rows; n += 1) add.run(`part-${String(n).padStart(6, '0')}`);
  })();
  db.close();
  return file;
}

describe('a search for damage', () => {
  test('reads the whole file while the event loop turns, and says how far it is', async () => {
    using dir = tempDir('damage');
    const file = makeDatabase(dir.path, 200_000);
    const progress: number[] = [];
    const { turns, result } = await countTurns(() =>
      findDamage(file, NEVER_ABORTED, { isThorough: true, onProgress: (done) => progress.push(done) }),
    );
    expect(result).toBe(null);
    expect(turns).toBeGreaterThan(FREE_TURNS);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(progress.length).toBeGreaterThan(2);
  });

  test('compares each index with its table only when it is thorough', async () => {
    using dir = tempDir('damage');
    const file = makeDatabase(dir.path, 5000);
    const bytes = readFileSync(file);
    // The first copy of the name that lies in a page of the index: the pages of the table come first.
    const at = bytes.lastIndexOf('part-002500');
    bytes.write('part-00250x', at, 'latin1');
    writeFileSync(file, bytes);
    expect(at).toBeGreaterThan(PAGE_BYTES);
    expect(await findDamage(file, NEVER_ABORTED)).toBe(null);
    expect(await findDamage(file, NEVER_ABORTED, { isThorough: true })).toMatch(/part_name/);
  });

  test('ends when its signal fires', async () => {
    using dir = tempDir('damage');
    const file = makeDatabase(dir.path, 200_000);
    const stop = new AbortController();
    const search = findDamage(file, stop.signal, {
      isThorough: true,
      onProgress: () => stop.abort(new Fault('cancelled', 'not any more')),
    });
    expect(await faultOf(() => search)).toMatchObject({ code: 'cancelled', message: 'not any more' });
  });

  test('passes the errors of SQLite on with their codes', async () => {
    using dir = tempDir('damage');
    const file = join(dir.path, 'text.db');
    writeFileSync(file, 'no database at all, and longer than a header of one hundred bytes '.repeat(4));
    const error: unknown = await findDamage(file, NEVER_ABORTED).catch((thrown: unknown) => thrown);
    expect(sqliteFaultCodeOf(error)).toBe('database-corrupt');
    await using reader = readBeside(makeDatabase(dir.path, 1), NEVER_ABORTED);
    await expect(reader.all('SELECT * FROM absent')).rejects.toThrow('no such table: absent');
    expect(await reader.all('SELECT name FROM part WHERE id = ?', 1)).toEqual([{ name: 'part-000000' }]);
    await expect(reader.all('DELETE FROM part')).rejects.toThrow('readonly');
  });
});
