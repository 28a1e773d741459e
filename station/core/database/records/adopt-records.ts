import type { Db } from '../db.ts';
import { coveredTables, JOURNAL } from './covered-tables.ts';
import { createRunDigests } from './run-digest.ts';
import { defineDigest, digestOf, isThere, keyOf } from './watch-records.ts';

/** The row of the journal that follows the records that are older than the journal. */
export const ADOPTED = { table: 'history', key: 'adopted' } as const;

const RUNS_AT_ONCE = 500;

/**
 * Writes a digest of every existing record into the journal. Called once, in the transaction that makes the journal. An
 * empty database gets no rows.
 */
export function adoptRecords(db: Db): void {
  for (const table of coveredTables(db)) {
    defineDigest(db, table);
    db.exec(
      `INSERT INTO ${JOURNAL} (tbl, key, was, digest)
       SELECT '${table.kind}', ${keyOf(table, 'kept')}, NULL, ${digestOf(table, 'kept')} FROM ${table.name} kept
       WHERE ${isThere(table, 'kept')}
       ORDER BY ${table.keyColumns.join()}`,
    );
  }
  const runs = createRunDigests(db);
  const ended = db
    .prepare<[string, number], string>(
      'SELECT run_id FROM run WHERE run_id > ? AND outcome IS NOT NULL ORDER BY run_id LIMIT ?',
    )
    .pluck();
  for (let block = ended.all('', RUNS_AT_ONCE); block.length > 0;) {
    block.forEach((runId) => runs.add(runId));
    block = ended.all(block.at(-1) ?? '', RUNS_AT_ONCE);
  }
  db.prepare(`INSERT INTO ${JOURNAL} (tbl, key) SELECT ?, ? WHERE EXISTS (SELECT 1 FROM ${JOURNAL})`).run(
    ADOPTED.table,
    ADOPTED.key,
  );
}
