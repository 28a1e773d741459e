import type { Db } from '../db.ts';
import { type CoveredTable, coveredTables, JOURNAL } from './covered-tables.ts';
import { type Cell, digestRow, WAS_BYTES } from './digest-record.ts';

/**
 * From now on whatever this connection writes into a covered table is noted in the journal, in the same transaction,
 * whichever code writes it. The triggers are of this connection alone: a change by any other program, or by hand, is
 * not noted, and stands out.
 *
 * What a row was before is noted with what it is: an edit by hand that a later change of the same row would have
 * covered up stands out too.
 */
export function watchRecords(db: Db): void {
  for (const table of coveredTables(db)) {
    defineDigest(db, table);
    const { name, columns } = table;
    const names = columns.map((column) => column.name);
    const changed = names.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ');
    db.exec(`
      CREATE TEMP TRIGGER journal_${name}_insert AFTER INSERT ON main.${name} BEGIN
        INSERT INTO ${JOURNAL} (tbl, key, was, digest)
          VALUES ('${name}', ${keyOf(table, 'NEW')}, NULL, ${digestOf(table, 'NEW')});
      END;
      CREATE TEMP TRIGGER journal_${name}_update AFTER UPDATE OF ${names.join()} ON main.${name} WHEN ${changed} BEGIN
        INSERT INTO ${JOURNAL} (tbl, key, was, digest)
          VALUES ('${name}', ${keyOf(table, 'NEW')}, ${wasOf(table)}, ${digestOf(table, 'NEW')});
      END;
      CREATE TEMP TRIGGER journal_${name}_delete AFTER DELETE ON main.${name} BEGIN
        INSERT INTO ${JOURNAL} (tbl, key, was, digest) VALUES ('${name}', ${keyOf(table, 'OLD')}, ${wasOf(table)}, NULL);
      END;`);
  }
}

/** Makes `digest_<table>(…columns)` known to this connection. */
export function defineDigest(db: Db, table: CoveredTable): void {
  db.function(`digest_${table.name}`, { varargs: true, deterministic: true }, (...cells: unknown[]) =>
    digestRow(table, cells as Cell[]),
  );
}

/** The key of a row, in SQL: as the journal has it. */
export function keyOf({ keyColumns }: CoveredTable, row: string): string {
  const columns = keyColumns.map((column) => `${row}.${column}`);
  return columns.length === 1 ? `CAST(${columns[0]} AS TEXT)` : `json_array(${columns.join()})`;
}

/** The way back: what to look the row up with. */
export function cellsOfKey({ keyColumns }: CoveredTable, key: string): Cell[] {
  return keyColumns.length === 1 ? [key] : (JSON.parse(key) as Cell[]);
}

export function digestOf({ name, columns }: CoveredTable, row: string): string {
  return `digest_${name}(${columns.map((column) => `${row}.${column.name}`).join()})`;
}

function wasOf(table: CoveredTable): string {
  return `substr(${digestOf(table, 'OLD')}, 1, ${WAS_BYTES})`;
}
