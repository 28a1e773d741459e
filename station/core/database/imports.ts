import { LIVE_STATES } from '#shared/domain/identity.ts';
import type { Db } from './database.ts';

export interface ImportRow {
  /** Line in the file. */
  readonly line: number;
  readonly productId: string;
  readonly deviceName: string;
  readonly sealed: Uint8Array;
  readonly secretDigest: Uint8Array;
  /** The only unit that may have it. */
  readonly boundMac: string | null;
  readonly boundSerial: string | null;
}

/** A staged row that the ledger refuses, and the existing row it conflicts with. */
export interface RefusedRow {
  readonly line: number;
  readonly deviceName: string;
  /**
   * `name`: the name, in this state; `secret`: the secret, under `other`; `unit`: a row for the same unit, `other`;
   * `held`: its unit holds `other`.
   */
  readonly because: 'name' | 'secret' | 'unit' | 'held';
  readonly other: string;
  readonly state: string;
}

/** The rows of one import under way: all become triples at once, or none. */
export interface Staging extends Disposable {
  stage(rows: readonly ImportRow[]): void;
  /** The staged rows that the ledger refuses, each once with the first reason. */
  refused(): RefusedRow[];
  /** Makes triples of all staged rows but those in these lines; returns how many. Call it inside a transaction. */
  takeOver(source: string, at: number, but: readonly number[]): number;
}

/** Rows per statement, because a call into SQLite costs as much as a row. */
const AT_ONCE = 50;

const FOUND = 'staged.line, staged.device_name AS deviceName';
const LIVE = LIVE_STATES.map((state) => `'${state}'`).join();
/** In the order in which reasons are reported; each is an index look-up per staged row. */
const REFUSALS: readonly string[] = [
  `SELECT ${FOUND}, 'name' AS because, triple.device_name AS other, state FROM STAGED staged
   CROSS JOIN triple USING (product_id, device_name)`,
  `SELECT ${FOUND}, 'secret' AS because, triple.product_id || '/' || triple.device_name AS other, state FROM STAGED staged
   CROSS JOIN triple ON triple.secret_digest IS NOT NULL AND triple.secret_digest = staged.secret_digest`,
  `SELECT ${FOUND}, 'unit' AS because, triple.device_name AS other, state FROM STAGED staged
   CROSS JOIN triple ON triple.bound_mac = staged.bound_mac AND state <> 'retired' WHERE staged.bound_mac IS NOT NULL`,
  `SELECT ${FOUND}, 'unit' AS because, triple.device_name AS other, state FROM STAGED staged
   CROSS JOIN triple ON triple.bound_serial = staged.bound_serial AND state <> 'retired'
   WHERE staged.bound_serial IS NOT NULL`,
  `SELECT ${FOUND}, 'held' AS because, triple.device_name AS other, state FROM STAGED staged
   CROSS JOIN unit ON chip_id = staged.bound_mac CROSS JOIN triple ON triple.unit_id = unit.unit_id AND state IN (${LIVE})
   WHERE staged.bound_mac IS NOT NULL`,
  `SELECT ${FOUND}, 'held' AS because, triple.device_name AS other, state FROM STAGED staged
   CROSS JOIN unit ON serial_number = staged.bound_serial
   CROSS JOIN triple ON triple.unit_id = unit.unit_id AND state IN (${LIVE}) WHERE staged.bound_serial IS NOT NULL`,
];

/**
 * Stages the rows of an import in a temporary table of this connection, outside the database file: staging costs no commit, and a
 * killed import leaves nothing.
 */
export function createImportRepository(db: Db) {
  let count = 0;
  return {
    openStaging(): Staging {
      const table = `temp.import_${++count}`;
      db.exec(
        `CREATE TEMP TABLE import_${count} (line INTEGER, product_id TEXT, device_name TEXT, secret BLOB,
           secret_digest BLOB, bound_mac TEXT, bound_serial TEXT) STRICT`,
      );
      const insertOf = (rows: number) =>
        db.prepare(`INSERT INTO ${table} VALUES ${Array(rows).fill('(?, ?, ?, ?, ?, ?, ?)').join()}`);
      const insertOne = insertOf(1);
      const insertMany = insertOf(AT_ONCE);
      const cellsOf = (rows: readonly ImportRow[]) =>
        rows.flatMap(({ line, productId, deviceName, sealed, secretDigest, boundMac, boundSerial }) => [
          line,
          productId,
          deviceName,
          sealed,
          secretDigest,
          boundMac,
          boundSerial,
        ]);
      const stage = db.transaction((rows: readonly ImportRow[]) => {
        const whole = rows.length - (rows.length % AT_ONCE);
        for (let index = 0; index < whole; index += AT_ONCE)
          insertMany.run(cellsOf(rows.slice(index, index + AT_ONCE)));
        for (const row of rows.slice(whole)) insertOne.run(cellsOf([row]));
      });
      return {
        stage,
        refused() {
          const first = new Map<number, RefusedRow>();
          for (const sql of REFUSALS)
            for (const row of db.prepare<[], RefusedRow>(sql.replace('STAGED', table)).all())
              if (!first.has(row.line)) first.set(row.line, row);
          return [...first.values()].sort((one, another) => one.line - another.line);
        },
        takeOver: (source, at, but) =>
          db
            .prepare<[string, number, number, string]>(
              `INSERT INTO triple (product_id, device_name, secret, secret_digest, bound_mac, bound_serial, state, source,
                 created_at, changed_at)
               SELECT product_id, device_name, secret, secret_digest, bound_mac, bound_serial, 'available', ?, ?, ?
               FROM ${table} WHERE line NOT IN (SELECT value FROM json_each(?)) ORDER BY rowid
               ON CONFLICT (product_id, device_name) DO NOTHING`,
            )
            .run(source, at, at, JSON.stringify(but)).changes,
        [Symbol.dispose]: () => void db.exec(`DROP TABLE IF EXISTS ${table}`),
      };
    },
  };
}
