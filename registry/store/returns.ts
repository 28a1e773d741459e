import type { UnitReturnedPayload } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** Reported returns. Rows are never changed or deleted. */
export interface ReturnTable {
  insert(eventKey: string, payload: UnitReturnedPayload, deviceId: number | null, atMs: number): void;
}

export function returnTable(db: Db): ReturnTable {
  const insert = db.prepare(
    `INSERT INTO returns (return_id, event_key, station, chip_id, action, reason, approver, person, device_id, at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    insert(eventKey, payload, deviceId, atMs) {
      const { returnId, station, chipId, action, reason, approver, person } = payload;
      insert.run(returnId, eventKey, station, chipId, action, reason, approver, person, deviceId, atMs);
    },
  };
}
