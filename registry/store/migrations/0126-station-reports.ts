/** Files that stations send: reports of batches and shifts. The content of each is in `reports/`, named by its id. */
export const STATION_REPORTS_SCHEMA = `
CREATE TABLE station_reports (
  report_id    TEXT PRIMARY KEY,
  station      TEXT NOT NULL,
  key          TEXT NOT NULL,
  name         TEXT NOT NULL,
  size_bytes   INTEGER NOT NULL,
  sha256       TEXT NOT NULL,
  begun_ms     INTEGER NOT NULL,
  completed_ms INTEGER,
  UNIQUE (station, key)
) STRICT;
CREATE INDEX station_reports_completed ON station_reports (completed_ms);
CREATE TRIGGER station_reports_fixed BEFORE UPDATE ON station_reports WHEN OLD.completed_ms IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a complete report is never changed'); END;
`;
