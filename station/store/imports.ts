import type { Db } from './database.ts';

export interface ImportRow {
  /** Of the file, for whoever has to correct it. */
  readonly line: number;
  readonly productId: string;
  readonly deviceName: string;
  readonly sealed: Uint8Array;
}

/** Rows of one import under way. They become triples all at once, or are gone. */
export interface Staging extends Disposable {
  stage(rows: readonly ImportRow[]): void;
  /** Staged rows whose name the ledger has already, in whatever state. */
  known(): { readonly line: number; readonly deviceName: string; readonly state: string }[];
  /** Makes triples of all staged rows the ledger does not know; returns how many. Call it inside a transaction. */
  takeOver(source: string, at: number): number;
}

/** Rows per statement: a call into SQLite costs as much as a row. */
const AT_ONCE = 50;

/**
 * Where an import waits until all of it was seen: a table of this connection alone, outside the ledger's file, so that
 * staging costs no commit of the ledger and a killed import has left nothing.
 */
export function createImportTable(db: Db) {
  let count = 0;
  return {
    open(): Staging {
      const table = `temp.import_${++count}`;
      db.exec(
        `CREATE TEMP TABLE import_${count} (line INTEGER, product_id TEXT, device_name TEXT, secret BLOB) STRICT`,
      );
      const insertOf = (rows: number) =>
        db.prepare(`INSERT INTO ${table} VALUES ${Array(rows).fill('(?, ?, ?, ?)').join()}`);
      const one = insertOf(1);
      const many = insertOf(AT_ONCE);
      const cellsOf = (rows: readonly ImportRow[]) =>
        rows.flatMap(({ line, productId, deviceName, sealed }) => [line, productId, deviceName, sealed]);
      const stage = db.transaction((rows: readonly ImportRow[]) => {
        const whole = rows.length - (rows.length % AT_ONCE);
        for (let at = 0; at < whole; at += AT_ONCE) many.run(cellsOf(rows.slice(at, at + AT_ONCE)));
        for (const row of rows.slice(whole)) one.run(cellsOf([row]));
      });
      return {
        stage,
        known: () =>
          db
            .prepare<[], { line: number; deviceName: string; state: string }>(
              `SELECT line, device_name AS deviceName, state FROM ${table}
               CROSS JOIN triple USING (product_id, device_name) ORDER BY line`,
            )
            .all(),
        takeOver: (source, at) =>
          db
            .prepare<[string, number, number]>(
              `INSERT INTO triple (product_id, device_name, secret, state, source, created_at, changed_at)
               SELECT product_id, device_name, secret, 'available', ?, ?, ? FROM ${table} WHERE true ORDER BY rowid
               ON CONFLICT (product_id, device_name) DO NOTHING`,
            )
            .run(source, at, at).changes,
        [Symbol.dispose]: () => void db.exec(`DROP TABLE IF EXISTS ${table}`),
      };
    },
  };
}
