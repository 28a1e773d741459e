import type { Db } from './open-database.ts';

export interface StationReportRow {
  readonly reportId: string;
  readonly station: string;
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly begunMs: number;
  /** `null` while it is being received. */
  readonly completedMs: number | null;
}

/** The reports of stations. A complete one is never changed. */
export interface StationReportTable {
  byId(reportId: string): StationReportRow | null;
  /** Announces a report, or replaces what was announced under its id and is not complete. */
  put(row: StationReportRow): void;
  complete(reportId: string, completedMs: number): void;
  /** The complete ones, newest first; `station` null: of all. */
  list(station: string | null, limit: number): StationReportRow[];
}

const SELECT = `SELECT report_id AS reportId, station, key, name, size_bytes AS sizeBytes, sha256, begun_ms AS begunMs,
  completed_ms AS completedMs FROM station_reports`;

export function stationReportTable(db: Db): StationReportTable {
  const byId = db.prepare<[string], StationReportRow>(`${SELECT} WHERE report_id = ?`);
  const put = db.prepare(
    `INSERT INTO station_reports (report_id, station, key, name, size_bytes, sha256, begun_ms, completed_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (report_id) DO UPDATE SET name = excluded.name, size_bytes = excluded.size_bytes, sha256 = excluded.sha256,
       begun_ms = excluded.begun_ms`,
  );
  const complete = db.prepare('UPDATE station_reports SET completed_ms = ? WHERE report_id = ?');
  const list = db.prepare<[string | null, string | null, number], StationReportRow>(
    `${SELECT} WHERE completed_ms IS NOT NULL AND (? IS NULL OR station = ?) ORDER BY completed_ms DESC, report_id LIMIT ?`,
  );
  return {
    byId: (reportId) => byId.get(reportId) ?? null,
    put: (row) =>
      void put.run(
        row.reportId,
        row.station,
        row.key,
        row.name,
        row.sizeBytes,
        row.sha256,
        row.begunMs,
        row.completedMs,
      ),
    complete: (reportId, completedMs) => void complete.run(completedMs, reportId),
    list: (station, limit) => list.all(station, station, limit),
  };
}
