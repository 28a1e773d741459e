import { hash } from 'node:crypto';
import type { CoveredTable } from './covered-tables.ts';

/** A value of SQLite. Every table is STRICT, so its type is that of the column. */
export type Cell = string | number | null | Uint8Array;

/** Stored bytes of the digest of the row before a change: enough to detect an edit; the journal stays small. */
export const WAS_BYTES = 8;

/**
 * SHA-256 over a JSON list of the table, and name and value of every column that does not have its default. The encoding is
 * unambiguous. Null when the row has no record.
 *
 * @param cells in the order of the table's columns.
 */
export function digestRow(table: CoveredTable, cells: readonly Cell[]): Buffer | null {
  const fields = fieldsOf(table, cells);
  return table.whenChanged && fields.length === 0 ? null : sha256([table.kind, fields]);
}

/** One digest of rows of several tables that belong together. */
export function digestRows(
  groups: readonly { readonly table: CoveredTable; readonly rows: readonly (readonly Cell[])[] }[],
): Buffer {
  return sha256(groups.map(({ table, rows }) => [table.name, rows.map((row) => fieldsOf(table, row))]));
}

function fieldsOf({ columns }: CoveredTable, cells: readonly Cell[]): unknown[] {
  const fields: unknown[] = [];
  for (let at = 0; at < columns.length; at += 1) {
    const cell = cells[at] ?? null;
    const column = columns[at];
    if (column !== undefined && cell !== column.before) fields.push(column.name, encode(cell));
  }
  return fields;
}

function sha256(value: unknown): Buffer {
  return hash('sha256', JSON.stringify(value), 'buffer');
}

function encode(cell: Cell): unknown {
  if (cell instanceof Uint8Array) return { hex: Buffer.from(cell).toString('hex') };
  // JSON writes an infinite number as null.
  return typeof cell === 'number' && !Number.isFinite(cell) ? { number: String(cell) } : cell;
}
