import type { Db } from '../db.ts';
import { type CoveredTable, coveredTables, JOURNAL } from './covered-tables.ts';
import { type Cell, digestRow, WAS_BYTES } from './digest-record.ts';

/**
 * Writes every change of a covered table by this connection into the journal, in the same transaction, by triggers. The
 * triggers are temporary and belong to this connection: a change by another program is not in the journal, and
 * verification finds it.
 *
 * Each row of the journal has the digests of the record before and after the change, so that a later change by the station
 * does not hide an edit by another program.
 */
export function watchRecords(db: Db): void {
  for (const table of coveredTables(db)) {
    defineDigest(db, table);
    const { name, kind, columns } = table;
    const names = columns.map((column) => column.name);
    const changed = names.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ');
    const note = (row: 'NEW' | 'OLD', was: string, digest: string): string =>
      `INSERT INTO ${JOURNAL} (tbl, key, was, digest) VALUES ('${kind}', ${keyOf(table, row)}, ${was}, ${digest});`;
    const on = (event: string): string =>
      `CREATE TEMP TRIGGER journal_${inSql(kind)}_${event.slice(0, 6)} AFTER ${event} ON main.${name}`;
    db.exec(`
      ${on('INSERT')} WHEN ${isThere(table, 'NEW')} BEGIN ${note('NEW', 'NULL', digestOf(table, 'NEW'))} END;
      ${on(`UPDATE OF ${names.join()}`)} WHEN ${changed} BEGIN
        ${note('NEW', wasOf(table), digestOf(table, 'NEW'))}
      END;
      ${on('DELETE')} WHEN ${isThere(table, 'OLD')} BEGIN ${note('OLD', wasOf(table), 'NULL')} END;`);
  }
}

/** Defines the SQL function `digest_<kind>(…columns)` for this connection. */
export function defineDigest(db: Db, table: CoveredTable): void {
  db.function(`digest_${inSql(table.kind)}`, { varargs: true, deterministic: true }, (...cells: unknown[]) =>
    digestRow(table, cells as Cell[]),
  );
}

/** SQL expression of a row's key, in the form of the journal. */
export function keyOf({ keyColumns }: CoveredTable, row: string): string {
  const columns = keyColumns.map((column) => `${row}.${column}`);
  return columns.length === 1 ? `CAST(${columns[0]} AS TEXT)` : `json_array(${columns.join()})`;
}

/** Parses a key of the journal to the values of the key columns; `null` for a malformed key, which no station writes. */
export function cellsOfKey({ keyColumns }: CoveredTable, key: string): Cell[] | null {
  if (keyColumns.length === 1) return [key];
  try {
    const cells: unknown = JSON.parse(key);
    return Array.isArray(cells) && cells.length === keyColumns.length && cells.every(isCell) ? cells : null;
  } catch {
    return null;
  }
}

function isCell(value: unknown): value is Cell {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

export function digestOf({ kind, columns }: CoveredTable, row: string): string {
  return `digest_${inSql(kind)}(${columns.map((column) => `${row}.${column.name}`).join()})`;
}

function wasOf(table: CoveredTable): string {
  return `substr(${digestOf(table, 'OLD')}, 1, ${WAS_BYTES})`;
}

/** SQL condition: the row has a record. */
export function isThere({ whenChanged, columns }: CoveredTable, row: string): string {
  if (!whenChanged) return 'true';
  const differs = columns.map(
    ({ name, before }) => `${row}.${name} IS NOT ${before === null ? 'NULL' : `'${before}'`}`,
  );
  return `(${differs.join(' OR ')})`;
}

const inSql = (kind: string): string => kind.replace('.', '_');
