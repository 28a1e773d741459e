import type { RefusalView } from '#shared/registry-api/index.ts';
import { type Db, withRelaxedSync } from './open-database.ts';

export interface RefusalRow extends Omit<RefusalView, 'productId' | 'deviceName'> {
  /** Null when no device has this client id. */
  readonly deviceId: number | null;
}

/** Numbers of stored rows; older ones are deleted when a row is added. */
export interface RefusalBounds {
  readonly perDevice: number;
  readonly ofUnknownClients: number;
  readonly total: number;
}

const BOUNDS: RefusalBounds = { perDevice: 50, ofUnknownClients: 500, total: 20_000 };

/** Further refusals of the kind of a row. */
export interface CountIncrement {
  readonly id: number;
  readonly increment: number;
  readonly lastAtMs: number;
}

export interface RefusalFilter {
  readonly deviceId: number | null;
  readonly station: string | null;
  readonly sinceMs: number;
}

/** Counted refusals. Written without a sync of the disk, with no more rows than the bounds. */
export interface RefusalTable {
  /** Returns the id of the new row. */
  add(row: RefusalRow): number;
  /** Adds to the counts of existing rows. */
  addCounts(increments: readonly CountIncrement[]): void;
  /**
   * Newest first, since an instant: of one device; without a device, of the station's devices, of unleased devices and of
   * unknown clients; without a station, of all. `refused` is the sum of the counts of all these rows, also beyond the limit.
   */
  list(of: RefusalFilter, limit: number): { readonly refusals: RefusalView[]; readonly refused: number };
}

const WHERE = `FROM refusals r LEFT JOIN devices d ON d.id = r.device_id
  WHERE r.last_ms >= :sinceMs AND (:deviceId IS NULL OR r.device_id = :deviceId)
    AND (:station IS NULL OR r.device_id IS NULL OR d.leased_to IS NULL OR d.leased_to = :station)`;

export function refusalTable(db: Db, bounds: RefusalBounds = BOUNDS): RefusalTable {
  const insert = db.prepare<RefusalRow>(
    `INSERT INTO refusals (device_id, client_id, address, act, reason, detail, count, first_ms, last_ms)
     VALUES (:deviceId, :clientId, :address, :act, :reason, :detail, :count, :firstAtMs, :lastAtMs)`,
  );
  const trimDevice = db.prepare<[number | null, number]>(
    `DELETE FROM refusals WHERE id IN
       (SELECT id FROM refusals WHERE device_id IS ? ORDER BY last_ms DESC, id DESC LIMIT -1 OFFSET ?)`,
  );
  const trimAll = db.prepare<[number]>(
    `DELETE FROM refusals WHERE id IN (SELECT id FROM refusals ORDER BY last_ms DESC, id DESC LIMIT -1 OFFSET ?)`,
  );
  const increase = db.prepare<CountIncrement>(
    'UPDATE refusals SET count = count + :increment, last_ms = :lastAtMs WHERE id = :id',
  );
  const rows = db.prepare<RefusalFilter & { limit: number }, RefusalView>(
    `SELECT r.client_id AS clientId, d.product_id AS productId, d.device_name AS deviceName, r.address, r.act, r.reason,
       r.detail, r.count, r.first_ms AS firstAtMs, r.last_ms AS lastAtMs
     ${WHERE} ORDER BY r.last_ms DESC, r.id DESC LIMIT :limit`,
  );
  const sum = db.prepare<RefusalFilter, number>(`SELECT coalesce(sum(r.count), 0) ${WHERE}`).pluck();
  const addAndTrim = db.transaction((row: RefusalRow) => {
    const { lastInsertRowid } = insert.run(row);
    trimDevice.run(row.deviceId, row.deviceId === null ? bounds.ofUnknownClients : bounds.perDevice);
    trimAll.run(bounds.total);
    return Number(lastInsertRowid);
  });
  const increaseAll = db.transaction((increments: readonly CountIncrement[]) => {
    for (const one of increments) increase.run(one);
  });

  return {
    add(row) {
      let id = 0;
      withRelaxedSync(db, () => {
        id = addAndTrim.immediate(row);
      });
      return id;
    },
    addCounts(increments) {
      if (increments.length > 0) withRelaxedSync(db, () => increaseAll.immediate(increments));
    },
    list: (of, limit) => ({ refusals: rows.all({ ...of, limit }), refused: sum.get(of) ?? 0 }),
  };
}
