import type { DeviceState, LeaseView } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

export interface LeaseRow {
  readonly leaseId: string;
  readonly station: string;
  readonly productId: string;
  readonly count: number;
  /** The lease act that quarantines it. */
  readonly quarantinedBy: number | null;
}

/** A person's decision about a lease. */
export interface LeaseAct {
  readonly leaseId: string;
  readonly act: 'quarantine' | 'restore';
  readonly reason: string;
  readonly approver: string;
  /** How many devices it concerned. */
  readonly devices: number;
  readonly atMs: number;
}

export interface LeasedDevice {
  readonly id: number;
  readonly deviceName: string;
  readonly state: DeviceState;
  readonly everSeen: boolean;
  readonly returned: boolean;
  readonly quarantined: boolean;
  readonly sealedSecret: Uint8Array;
}

/** Leases of triples. A device is in at most one lease from which it was not returned. */
export interface LeaseTable {
  insert(lease: Omit<LeaseRow, 'quarantinedBy'> & { requestId: string; nowMs: number }): void;
  addDevice(leaseId: string, deviceId: number): void;
  byRequest(station: string, requestId: string): LeaseRow | null;
  byId(leaseId: string): LeaseRow | null;
  devices(leaseId: string): LeasedDevice[];
  markReturned(leaseId: string, deviceId: number, nowMs: number): void;
  list(station: string): LeaseView[];
  /** Of all stations, newest first. */
  listAll(): LeaseView[];
  /** Instant of the station's last event; null without one. */
  lastHeardMs(station: string): number | null;
  /** Quarantines every device of the lease that is not bound, retired or returned; returns their number. */
  quarantine(lease: LeaseRow, reason: string, approver: string, nowMs: number): number;
  /** Ends the quarantine; returns the number of devices. */
  restore(lease: LeaseRow, reason: string, approver: string, nowMs: number): number;
  act(actId: number): LeaseAct | null;
  /** Number of all leases. */
  count(): number;
}

const LEASE = `SELECT lease_id AS leaseId, station, product_id AS productId, count,
  quarantined_by AS quarantinedBy FROM leases`;

export function leaseTable(db: Db): LeaseTable {
  const insert = db.prepare<[string, string, string, string, number, number]>(
    `INSERT INTO leases (lease_id, station, request_id, product_id, count, created_ms) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const add = db.prepare<[string, number]>('INSERT INTO lease_devices (lease_id, device_id) VALUES (?, ?)');
  const byRequest = db.prepare<[string, string], LeaseRow>(`${LEASE} WHERE station = ? AND request_id = ?`);
  const byId = db.prepare<[string], LeaseRow>(`${LEASE} WHERE lease_id = ?`);
  const devices = db.prepare<
    [string],
    Omit<LeasedDevice, 'everSeen' | 'returned' | 'quarantined'> & {
      everSeen: number;
      returned: number;
      quarantined: number;
    }
  >(
    `SELECT d.id, d.device_name AS deviceName, d.state, d.sealed_secret AS sealedSecret,
       (d.first_seen_ms IS NOT NULL OR EXISTS (SELECT 1 FROM device_registrations r WHERE r.device_id = d.id AND r.count > 0))
         AS everSeen, l.returned_ms IS NOT NULL AS returned,
       d.quarantined_by IS NOT NULL AS quarantined
     FROM lease_devices l JOIN devices d ON d.id = l.device_id WHERE l.lease_id = ? ORDER BY d.id`,
  );
  const markReturned = db.prepare<[number, string, number]>(
    'UPDATE lease_devices SET returned_ms = ? WHERE lease_id = ? AND device_id = ? AND returned_ms IS NULL',
  );
  const VIEW = `SELECT lease_id AS leaseId, request_id AS requestId, product_id AS productId, station, count,
       (SELECT count(*) FROM lease_devices l JOIN devices d ON d.id = l.device_id
          WHERE l.lease_id = leases.lease_id AND l.returned_ms IS NULL AND d.state = 'leased' AND d.quarantined_by IS NULL) AS outstanding,
       (SELECT count(*) FROM lease_devices l
          WHERE l.lease_id = leases.lease_id AND l.returned_ms IS NOT NULL) AS returned,
       quarantined_by IS NOT NULL AS quarantined, created_ms AS createdMs FROM leases`;
  const list = db.prepare<[string], ViewRow>(`${VIEW} WHERE station = ? ORDER BY created_ms DESC, lease_id`);
  const listAll = db.prepare<[], ViewRow>(`${VIEW} ORDER BY created_ms DESC, lease_id`);
  const lastHeard = db
    .prepare<[string], number | null>('SELECT max(received_ms) FROM events WHERE station = ?')
    .pluck();
  const addAct = db.prepare<LeaseAct>(
    `INSERT INTO lease_acts (lease_id, act, reason, approver, devices, at_ms)
     VALUES (:leaseId, :act, :reason, :approver, :devices, :atMs)`,
  );
  const act = db.prepare<[number], LeaseAct>(
    `SELECT lease_id AS leaseId, act, reason, approver, devices, at_ms AS atMs FROM lease_acts WHERE act_id = ?`,
  );
  const markLease = db.prepare<[number | null, string]>(
    'UPDATE leases SET quarantined_by = ? WHERE lease_id = ?',
  );
  const outstanding = db
    .prepare<[string], number>(
      `SELECT d.id FROM lease_devices l JOIN devices d ON d.id = l.device_id
       WHERE l.lease_id = ? AND l.returned_ms IS NULL AND d.state = 'leased'`,
    )
    .pluck();
  const count = db.prepare<[], number>('SELECT count(*) FROM leases').pluck();
  const bar = db.prepare<[number, number]>('UPDATE devices SET quarantined_by = ? WHERE id = ?');
  const free = db.prepare<[number]>('UPDATE devices SET quarantined_by = NULL WHERE quarantined_by = ?');
  const countBarred = db
    .prepare<[number], number>('SELECT count(*) FROM devices WHERE quarantined_by = ?')
    .pluck();

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
      devices.all(leaseId).map((row) => ({
        ...row,
        everSeen: row.everSeen === 1,
        returned: row.returned === 1,
        quarantined: row.quarantined === 1,
      })),
    markReturned: (leaseId, deviceId, nowMs) => void markReturned.run(nowMs, leaseId, deviceId),
    list: (station) => list.all(station).map(viewOf),
    listAll: () => listAll.all().map(viewOf),
    lastHeardMs: (station) => lastHeard.get(station) ?? null,
    quarantine({ leaseId }, reason, approver, nowMs) {
      const ids = outstanding.all(leaseId);
      const record: LeaseAct = {
        leaseId,
        act: 'quarantine',
        reason,
        approver,
        devices: ids.length,
        atMs: nowMs,
      };
      const actId = Number(addAct.run(record).lastInsertRowid);
      markLease.run(actId, leaseId);
      for (const id of ids) bar.run(actId, id);
      return ids.length;
    },
    restore({ leaseId, quarantinedBy }, reason, approver, nowMs) {
      const devices = countBarred.get(quarantinedBy ?? 0) ?? 0;
      addAct.run({ leaseId, act: 'restore', reason, approver, devices, atMs: nowMs });
      markLease.run(null, leaseId);
      free.run(quarantinedBy ?? 0);
      return devices;
    },
    act: (actId) => act.get(actId) ?? null,
    count: () => count.get() ?? 0,
  };
}

type ViewRow = Omit<LeaseView, 'quarantined'> & { readonly quarantined: number };

function viewOf(row: ViewRow): LeaseView {
  return { ...row, quarantined: row.quarantined === 1 };
}
