import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { verifyAll, type AuditReport } from '#station';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { fastDir } from '../../../support/temp-dir.ts';
import { fillEveryTable } from './every-table.ts';

/** A station's data with rows in every table, and copies of it that are edited by hand. */
export function createTamperedStation() {
  const dir = fastDir();
  const origin = join(dir.path, 'origin');
  let copies = 0;
  return {
    origin,
    fill: (): void => fillEveryTable(origin),
    /** A copy of the station's data, edited as with a database editor. */
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

/** Edits a database without checks and triggers, and restores its triggers. */
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
  verifyAll(data, () => Promise.resolve(null), new AbortController().signal);

/** Everything that the verification reports, as `table key`; entries of the trail by their numbers. */
export async function tamperingIn(data: string): Promise<string[]> {
  const { trail, records } = await verify(data);
  return [
    ...(trail.brokenAt === null ? [] : [`audit ${trail.brokenAt}`]),
    ...formatRecordFindings(records),
    ...records.schema.map(({ type, name }) => `${type} ${name}`),
  ];
}

/** The findings about records and their journal, as `table key`. */
export function formatRecordFindings({ tampered, brokenParts }: AuditReport['records']): string[] {
  return [
    ...tampered.map(({ table, key }) => `${table} ${key}`),
    ...brokenParts.map(({ from, upTo }) => `record_journal ${from}-${upTo}`),
  ];
}
