import type { StationRun } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** The runs of one station, for that station to compare. */
export interface StationRunTable {
  /** In the order of their ids, those after `after`. */
  page(station: string, after: string, limit: number): StationRun[];
}

export function stationRunTable(db: Db): StationRunTable {
  const page = db.prepare<[string, string, number], StationRun>(
    `SELECT r.run_id AS runId, r.outcome, r.serial_number AS serialNumber, r.chip_id AS chipId,
       d.product_id AS productId, d.device_name AS deviceName
     FROM runs r LEFT JOIN devices d ON d.id = r.device_id
     WHERE r.station = ? AND r.run_id > ? ORDER BY r.run_id LIMIT ?`,
  );
  return { page: (station, after, limit) => page.all(station, after, limit) };
}
