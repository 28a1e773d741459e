import Database from 'better-sqlite3';
import type { Db } from '../db.ts';
import { type CoveredTable, JOURNAL, tableOf } from './covered-tables.ts';
import { type Cell, digestRows } from './digest-record.ts';

/** Name of runs in the journal: one digest covers the row of a run, its steps, measurements and attachments. */
export const RUN = 'run';

export interface RunDigests {
  /** Null for an unknown run. */
  digest(runId: string): Buffer | null;
  /** Writes the digest into the journal. Called in the transaction that ends the run, after which it never changes. */
  add(runId: string): void;
  /**
   * True after the disk returned damaged data. SQLite then refuses further writes in the transaction, which has to be
   * repeated; the run ends with an empty digest, and verification reports it.
   */
  readonly unreadable: boolean;
}

/** A table that migrations added later: its rows are in the digest of a run that has some, so that older digests stay valid. */
const ADDED_LATER = 'attachment';

export function createRunDigests(db: Db): RunDigests {
  const parts = [RUN, 'run_step', 'measurement', ADDED_LATER]
    .map((name) => tableOf(db, name))
    // A database that is migrated only so far does not have the table.
    .filter(({ columns }) => columns.length > 0)
    .map((table) => ({ table, rows: readOf(db, table) }));
  const insert = db.prepare<[string, string, Buffer]>(
    `INSERT INTO ${JOURNAL} (tbl, key, was, digest) VALUES (?, ?, NULL, ?)`,
  );
  let unreadable = false;
  function digest(runId: string): Buffer | null {
    const groups = parts
      .map(({ table, rows }) => ({ table, rows: rows.all(runId) }))
      .filter(({ table, rows }) => table.name !== ADDED_LATER || rows.length > 0);
    return groups[0]?.rows.length === 0 ? null : digestRows(groups);
  }
  function read(runId: string): Buffer | null {
    try {
      return digest(runId);
    } catch (error) {
      if (error instanceof Database.SqliteError && /^SQLITE_(?:CORRUPT|IOERR)/.test(error.code))
        unreadable = true;
      throw error;
    }
  }
  return {
    digest,
    add(runId) {
      const made = unreadable ? Buffer.alloc(0) : read(runId);
      if (made !== null) insert.run(RUN, runId, made);
    },
    get unreadable() {
      return unreadable;
    },
  };
}

function readOf(db: Db, { name, columns, keyColumns }: CoveredTable) {
  return db
    .prepare<[string], Cell[]>(
      `SELECT ${columns.map((column) => column.name).join()} FROM ${name} WHERE run_id = ? ORDER BY ${keyColumns.join()}`,
    )
    .raw();
}
