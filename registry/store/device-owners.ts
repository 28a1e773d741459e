import type { OwnerView } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** One binding of a device. */
export interface OwnerRow {
  readonly id: number;
  readonly deviceId: number;
  /** Number of the token that it was bound with. */
  readonly token: number;
  readonly owner: string;
  readonly station: string;
  readonly key: string;
  readonly boundMs: number;
}

/** How a binding ended. */
export interface Release {
  readonly as: 'station' | 'device';
  readonly by: string;
  readonly reason: string;
  readonly nowMs: number;
}

/** Bindings of devices to owners. A device has one open binding at most. */
export interface DeviceOwnerTable {
  /** The open binding. */
  current(deviceId: number): OwnerRow | null;
  add(binding: Omit<OwnerRow, 'id'>): void;
  release(id: number, release: Release): void;
  /** All bindings of a device, newest first. */
  history(deviceId: number, limit: number): OwnerView[];
  /** The device was told that its latest binding has ended. */
  setTold(deviceId: number): void;
  /** True when the device is bound no more and was not told so. */
  isUntold(deviceId: number): boolean;
}

interface HistoryRow {
  readonly owner: string;
  readonly station: string;
  readonly boundAtMs: number;
  readonly releasedMs: number | null;
  readonly releasedAs: 'station' | 'device' | null;
  readonly releasedBy: string | null;
  readonly reason: string | null;
}

export function deviceOwnerTable(db: Db): DeviceOwnerTable {
  const current = db.prepare<[number], OwnerRow>(
    `SELECT id, device_id AS deviceId, token, owner, station, key, bound_ms AS boundMs FROM device_owners
     WHERE device_id = ? AND released_ms IS NULL`,
  );
  const add = db.prepare<Omit<OwnerRow, 'id'>>(
    `INSERT INTO device_owners (device_id, token, owner, station, key, bound_ms)
     VALUES (:deviceId, :token, :owner, :station, :key, :boundMs)`,
  );
  const release = db.prepare<[number, string, string, string, number, number]>(
    `UPDATE device_owners SET released_ms = ?, released_as = ?, released_by = ?, reason = ?, told = ?
     WHERE id = ? AND released_ms IS NULL`,
  );
  const history = db.prepare<[number, number], HistoryRow>(
    `SELECT owner, station, bound_ms AS boundAtMs, released_ms AS releasedMs, released_as AS releasedAs,
       released_by AS releasedBy, reason
     FROM device_owners WHERE device_id = ? ORDER BY id DESC LIMIT ?`,
  );
  const told = db.prepare<[number]>('UPDATE device_owners SET told = 1 WHERE device_id = ? AND told = 0');
  const untold = db
    .prepare<[number], number>(
      `SELECT released_ms IS NOT NULL AND told = 0 FROM device_owners WHERE device_id = ? ORDER BY id DESC LIMIT 1`,
    )
    .pluck();
  return {
    current: (deviceId) => current.get(deviceId) ?? null,
    add: (binding) => void add.run(binding),
    release(id, { as, by, reason, nowMs }) {
      const { changes } = release.run(nowMs, as, by, reason, as === 'device' ? 1 : 0, id);
      if (changes !== 1) throw new Error(`binding ${id} has ended`);
    },
    history: (deviceId, limit) => history.all(deviceId, limit).map(viewOf),
    setTold: (deviceId) => void told.run(deviceId),
    isUntold: (deviceId) => untold.get(deviceId) === 1,
  };
}

function viewOf(row: HistoryRow): OwnerView {
  const { owner, station, boundAtMs, releasedMs, releasedAs, releasedBy, reason } = row;
  const released =
    releasedMs === null || releasedAs === null
      ? null
      : { atMs: releasedMs, as: releasedAs, by: releasedBy ?? '', reason: reason ?? '' };
  return { owner, station, boundAtMs, released };
}
