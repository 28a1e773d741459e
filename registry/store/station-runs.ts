import type { StationRun } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** The runs that a station has reported, by the sender of the event, for comparison by that station. */
export interface StationRunTable {
  /** Ordered by id, those after `after`. */
  page(station: string, after: string, limit: number): StationRun[];
}

export function stationRunTable(db: Db): StationRunTable {
  const page = db.prepare<[string, string, number], StationRun>(
    `SELECT r.run_id AS runId, r.outcome, r.serial_number AS serialNumber, r.chip_id AS chipId,
       d.product_id AS productId, d.device_name AS deviceName
     FROM events e JOIN runs r ON r.run_id = substr(e.key, 5) AND r.event_key = e.key
       LEFT JOIN devices d ON d.id = r.device_id
     WHERE e.station = ? AND e.kind = 'run.finished' AND e.key > 'run:' || ? AND e.key < 'run;' ORDER BY e.key LIMIT ?`,
  );
  return { page: (station, after, limit) => page.all(station, after, limit) };
}
