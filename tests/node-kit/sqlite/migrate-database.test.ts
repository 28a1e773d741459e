import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  type DatabaseFormat,
  migrateDatabase,
  type Migration,
  openForWriting,
} from '../../../node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { tempDir } from '../../support/temp-dir.ts';

const TABLE = { version: 10, sql: 'CREATE TABLE unit (name TEXT, part TEXT);' };
const ROW = { version: 20, sql: "INSERT INTO unit (name) VALUES ('first');" };
const SPLIT = {
  version: 30,
  sql: 'CREATE TABLE part (name TEXT UNIQUE); CREATE INDEX unit_name ON unit (name); ALTER TABLE unit DROP COLUMN part;',
};

function migrated(
  file: string,
  migrations: readonly Migration[],
): { schema: unknown; rows: unknown; version: unknown } {
  const format: DatabaseFormat = {
    applicationId: 0x54455354,
    migrations,
    corrupt: (path, why) => new Fault('database-corrupt', `${path}: ${why}`),
    hints: {},
  };
  const db = openForWriting(file, format, { busyTimeoutMs: 1000 });
  migrateDatabase(db, format);
  const schema = db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
  const [rows, version] = [
    db.prepare('SELECT * FROM unit').all(),
    db.pragma('user_version', { simple: true }),
  ];
  db.close();
  return { schema, rows, version };
}

it.each([
  ['without rows', [TABLE, SPLIT], []],
  ['with a row that a step writes', [TABLE, ROW, SPLIT], [{ name: 'first' }]],
])('a new database is the same as one that grew step by step, %s', (_what, migrations, rows) => {
  using dir = tempDir('migrate');
  const grown = join(dir.path, 'grown.db');
  for (const at of migrations.keys()) migrated(grown, migrations.slice(0, at + 1));
  const made = migrated(join(dir.path, 'new.db'), migrations);
  expect(made).toEqual(migrated(grown, migrations));
  expect(made).toMatchObject({ rows, version: 30 });
});
