import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { verifyAll, type AuditReport } from '#station';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { memoryDir } from '../../../support/temp-dir.ts';
import { fillEveryTable } from './every-table.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

/** A station's data with rows in every table, and copies of it that were edited by hand. */
export function createTamperedStation() {
  const dir = memoryDir();
  const origin = join(dir.path, 'origin');
  let copies = 0;
  return {
    origin,
    fill: (): void => fillEveryTable(origin),
    /** Returns a copy of the station's data after `edit`. */
    edited(edit: (db: Database.Database) => void): string {
      const data = join(dir.path, `copy-${++copies}`);
      mkdirSync(data);
      copyFileSync(databaseFile(origin), databaseFile(data));
      editByHand(data, edit);
      return data;
    },
    remove: (): void => dir[Symbol.dispose](),
  };
}

/** Edits a database without its constraints and triggers, and creates the triggers again. */
export function editByHand(data: string, edit: (db: Database.Database) => void): void {
  const db = new Database(databaseFile(data));
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  edit(db);
  for (const { sql } of triggers) db.exec(sql);
  db.close();
}

export const verify = (data: string): Promise<AuditReport> =>
  verifyAll(data, () => Promise.resolve(null), NEVER_ABORTED);

/** Everything that `audit verify` reports, as `table key`; entries of the audit trail by their numbers. */
export async function tamperingIn(data: string): Promise<string[]> {
  const { trail, records } = await verify(data);
  return [
    ...(trail.brokenAt === null ? [] : [`audit ${trail.brokenAt}`]),
    ...records.tampered.map(({ table, key }) => `${table} ${key}`),
    ...records.brokenParts.map(({ from, upTo }) => `record_journal ${from}-${upTo}`),
    ...records.schema.map(({ type, name }) => `${type} ${name}`),
  ];
}
