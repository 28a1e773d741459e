import type { Db } from './open-database.ts';

/** Rows in one statement: calling SQLite costs about as much as the row itself. */
const AT_ONCE = 20;

export type Cell = string | number | Uint8Array | null;

/** An INSERT of any number of rows; `head` is all before its VALUES. Call it in a transaction. */
export function insertRows(
  db: Db,
  head: string,
  columns: number,
): (rows: readonly (readonly Cell[])[]) => void {
  const row = `(${Array(columns).fill('?').join(', ')})`;
  const statement = (rows: number) =>
    db.prepare<Cell[]>(`${head} VALUES ${Array(rows).fill(row).join(', ')}`);
  const one = statement(1);
  const many = statement(AT_ONCE);
  return (rows) => {
    const whole = rows.length - (rows.length % AT_ONCE);
    for (let at = 0; at < whole; at += AT_ONCE) many.run(...rows.slice(at, at + AT_ONCE).flat());
    for (let at = whole; at < rows.length; at += 1) one.run(...(rows[at] ?? []));
  };
}
