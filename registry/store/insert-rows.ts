import type { Db } from './open-database.ts';

/** Rows per statement: a call of SQLite costs as much as a row. */
const ROWS_PER_STATEMENT = 20;

export type Cell = string | number | Uint8Array | null;

/**
 * Prepares an INSERT of any number of rows. Call it in a transaction.
 * @param head the statement up to VALUES
 */
export function insertRows(
  db: Db,
  head: string,
  columns: number,
): (rows: readonly (readonly Cell[])[]) => void {
  const row = `(${Array(columns).fill('?').join(', ')})`;
  const statement = (rows: number) =>
    db.prepare<Cell[]>(`${head} VALUES ${Array(rows).fill(row).join(', ')}`);
  const one = statement(1);
  const many = statement(ROWS_PER_STATEMENT);
  return (rows) => {
    const fullRows = rows.length - (rows.length % ROWS_PER_STATEMENT);
    for (let index = 0; index < fullRows; index += ROWS_PER_STATEMENT)
      many.run(...rows.slice(index, index + ROWS_PER_STATEMENT).flat());
    for (let index = fullRows; index < rows.length; index += 1) one.run(...(rows[index] ?? []));
  };
}
