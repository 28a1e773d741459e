import type { DeviceState, LeaseView } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

export interface LeaseRow {
  readonly leaseId: string;
  readonly station: string;
  readonly productId: string;
  readonly count: number;
}

export interface LeasedDevice {
  readonly id: number;
  readonly deviceName: string;
  readonly state: DeviceState;
  readonly everSeen: boolean;
  readonly returned: boolean;
  readonly sealedSecret: Uint8Array;
}

/** Blocks of triples promised to stations. A device is in at most one lease it was not returned from. */
export interface LeaseTable {
  insert(lease: LeaseRow & { requestId: string; nowMs: number }): void;
  addDevice(leaseId: string, deviceId: number): void;
  byRequest(station: string, requestId: string): LeaseRow | null;
  byId(leaseId: string): LeaseRow | null;
  devices(leaseId: string): LeasedDevice[];
  markReturned(leaseId: string, deviceId: number, nowMs: number): void;
  list(station: string): LeaseView[];
}

const LEASE = 'SELECT lease_id AS leaseId, station, product_id AS productId, count FROM leases';

export function leaseTable(db: Db): LeaseTable {
  const insert = db.prepare<[string, string, string, string, number, number]>(
    `INSERT INTO leases (lease_id, station, request_id, product_id, count, created_ms) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const add = db.prepare<[string, number]>('INSERT INTO lease_devices (lease_id, device_id) VALUES (?, ?)');
  const byRequest = db.prepare<[string, string], LeaseRow>(`${LEASE} WHERE station = ? AND request_id = ?`);
  const byId = db.prepare<[string], LeaseRow>(`${LEASE} WHERE lease_id = ?`);
  const devices = db.prepare<
    [string],
    Omit<LeasedDevice, 'everSeen' | 'returned'> & { everSeen: number; returned: number }
  >(
    `SELECT d.id, d.device_name AS deviceName, d.state, d.sealed_secret AS sealedSecret,
       d.first_seen_ms IS NOT NULL AS everSeen, l.returned_ms IS NOT NULL AS returned
     FROM lease_devices l JOIN devices d ON d.id = l.device_id WHERE l.lease_id = ? ORDER BY d.id`,
  );
  const markReturned = db.prepare<[number, string, number]>(
    'UPDATE lease_devices SET returned_ms = ? WHERE lease_id = ? AND device_id = ? AND returned_ms IS NULL',
  );
  const list = db.prepare<[string], LeaseView>(
    `SELECT lease_id AS leaseId, request_id AS requestId, product_id AS productId, station, count,
       (SELECT count(*) FROM lease_devices l JOIN devices d ON d.id = l.device_id
          WHERE l.lease_id = leases.lease_id AND l.returned_ms IS NULL AND d.state = 'leased') AS outstanding,
       (SELECT count(*) FROM lease_devices l
          WHERE l.lease_id = leases.lease_id AND l.returned_ms IS NOT NULL) AS returned,
       created_ms AS createdMs
     FROM leases WHERE station = ? ORDER BY created_ms DESC, lease_id`,
  );

  return {
    insert: (lease) =>
      void insert.run(
        lease.leaseId,
        lease.station,
        lease.requestId,
        lease.productId,
        lease.count,
        lease.nowMs,
      ),
    addDevice: (leaseId, deviceId) => void add.run(leaseId, deviceId),
    byRequest: (station, requestId) => byRequest.get(station, requestId) ?? null,
    byId: (leaseId) => byId.get(leaseId) ?? null,
    devices: (leaseId) =>
      devices
        .all(leaseId)
        .map((row) => ({ ...row, everSeen: row.everSeen === 1, returned: row.returned === 1 })),
    markReturned: (leaseId, deviceId, nowMs) => void markReturned.run(nowMs, leaseId, deviceId),
    list: (station) => list.all(station),
  };
}
