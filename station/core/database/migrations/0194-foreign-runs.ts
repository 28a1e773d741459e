import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * Runs of other stations and programs. They are in tables of their own, so that nothing that counts runs, units or identities of
 * this station can count them.
 */
export const migration0194: Migration = {
  version: 194,
  sql: `
-- One import. Its runs are seen from the time when it is complete.
CREATE TABLE foreign_source (
  source_id   TEXT PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('station', 'csv', 'jsonl', 'atml', 'openhtf')),
  name        TEXT NOT NULL,
  runs        INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  imported_at INTEGER
) STRICT;

-- \`record\` is the whole run as JSON, \`digest\` its SHA-256; the other columns are parts of it to search by.
CREATE TABLE foreign_run (
  run_id        TEXT PRIMARY KEY,
  source_id     TEXT NOT NULL REFERENCES foreign_source (source_id),
  station       TEXT NOT NULL,
  batch_id      TEXT NOT NULL,
  batch_name    TEXT NOT NULL,
  serial_number TEXT,
  unit_id       TEXT,
  device_name   TEXT,
  outcome       TEXT NOT NULL CHECK (outcome IN ('PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED')),
  failure_code  TEXT,
  started_at    INTEGER NOT NULL,
  digest        TEXT NOT NULL,
  record        TEXT NOT NULL
) STRICT;
CREATE INDEX foreign_run_by_start ON foreign_run (started_at, run_id);
CREATE INDEX foreign_run_by_batch ON foreign_run (batch_name, started_at, run_id);
CREATE INDEX foreign_run_by_source ON foreign_run (source_id);
CREATE INDEX foreign_run_by_serial ON foreign_run (serial_number) WHERE serial_number IS NOT NULL;

CREATE TRIGGER foreign_run_is_final BEFORE UPDATE ON foreign_run
BEGIN SELECT RAISE(ABORT, 'an imported run is never changed'); END;
CREATE TRIGGER foreign_run_is_kept BEFORE DELETE ON foreign_run
WHEN (SELECT imported_at FROM foreign_source WHERE source_id = OLD.source_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an imported run is never removed'); END;
CREATE TRIGGER foreign_source_is_final BEFORE UPDATE ON foreign_source WHEN OLD.imported_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an import is never changed'); END;
CREATE TRIGGER foreign_source_is_kept BEFORE DELETE ON foreign_source WHEN OLD.imported_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an import is never removed'); END;
`,
};
