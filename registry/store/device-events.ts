import { type DeviceEvent, MAX_EVENTS_PER_DEVICE } from '#shared/registry-api/index.ts';
import { type Db, withRelaxedSync } from './open-database.ts';

/** An event as a device has sent it. */
export interface NewDeviceEvent {
  readonly event: string;
  readonly type: string;
  /** JSON of an object. */
  readonly params: string;
  readonly deviceMs: number | null;
}

/** Events of devices; the oldest of a device are removed when others are added. */
export interface DeviceEventTable {
  /** Written without a sync of the disk, because a device may send many; inside a transaction, with it. */
  add(deviceId: number, events: readonly NewDeviceEvent[], nowMs: number): void;
  /** Events above a number, oldest first. */
  since(deviceId: number, after: number): { readonly events: DeviceEvent[]; readonly last: number };
}

interface EventRow {
  readonly number: number;
  readonly seq: number;
  readonly event: string;
  readonly type: string;
  readonly params: string;
  readonly deviceMs: number | null;
  readonly receivedMs: number;
}

/** Events of all devices together. */
const MAX_EVENTS = 200_000;

export function deviceEventTable(
  db: Db,
  bounds: { readonly perDevice: number; readonly total: number } = {
    perDevice: MAX_EVENTS_PER_DEVICE,
    total: MAX_EVENTS,
  },
): DeviceEventTable {
  const lastSeq = db
    .prepare<[number], number>('SELECT coalesce(max(seq), 0) FROM device_events WHERE device_id = ?')
    .pluck();
  const insert = db.prepare(
    `INSERT INTO device_events (device_id, seq, event, type, params, device_ms, received_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const trimDevice = db.prepare<[number, number]>(
    'DELETE FROM device_events WHERE device_id = ? AND seq <= ?',
  );
  const trimAll = db.prepare<[number]>(
    'DELETE FROM device_events WHERE number <= (SELECT max(number) FROM device_events) - ?',
  );
  const since = db.prepare<[number, number], EventRow>(
    `SELECT number, seq, event, type, params, device_ms AS deviceMs, received_ms AS receivedMs FROM device_events
     WHERE device_id = ? AND number > ? ORDER BY number`,
  );
  const newest = db
    .prepare<[number], number>('SELECT coalesce(max(number), 0) FROM device_events WHERE device_id = ?')
    .pluck();
  return {
    add(deviceId, events, nowMs) {
      if (events.length === 0) return;
      withRelaxedSync(db, () => {
        let seq = lastSeq.get(deviceId) ?? 0;
        for (const { event, type, params, deviceMs } of events)
          insert.run(deviceId, ++seq, event, type, params, deviceMs, nowMs);
        trimDevice.run(deviceId, seq - bounds.perDevice);
        trimAll.run(bounds.total);
      });
    },
    since: (deviceId, after) => ({
      events: since.all(deviceId, after).map(eventOf),
      last: newest.get(deviceId) ?? 0,
    }),
  };
}

function eventOf({ number, event, type, params, deviceMs, receivedMs }: EventRow): DeviceEvent {
  return {
    eventNumber: number,
    event,
    type,
    params: JSON.parse(params) as Record<string, unknown>,
    deviceAtMs: deviceMs,
    receivedAtMs: receivedMs,
  };
}
