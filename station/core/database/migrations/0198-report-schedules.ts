import type { Migration } from '#node-kit/sqlite/index.ts';

/** Reports that the station writes by itself, at the end of a batch or of a shift. */
export const migration0198: Migration = {
  version: 198,
  sql: `
CREATE TABLE report_schedule (
  schedule_id TEXT PRIMARY KEY,
  -- Occasion, format and separators, as JSON.
  definition  TEXT NOT NULL,
  -- Null: the registry.
  folder      TEXT,
  created_at  INTEGER NOT NULL,
  created_by  TEXT NOT NULL,
  removed_at  INTEGER
) STRICT;

-- The key is what makes sure that no batch and no shift is reported twice by a schedule.
CREATE TABLE scheduled_report (
  schedule_id TEXT NOT NULL REFERENCES report_schedule (schedule_id),
  subject     TEXT NOT NULL,
  batch_id    TEXT REFERENCES batch (batch_id),
  from_at     INTEGER,
  due_at      INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('due','written','skipped')),
  written_at  INTEGER,
  file        TEXT,
  runs        INTEGER,
  attempts    INTEGER NOT NULL DEFAULT 0,
  -- Code and message of the fault of the last attempt, as JSON.
  fault       TEXT,
  PRIMARY KEY (schedule_id, subject),
  CHECK ((batch_id IS NULL) = (from_at IS NOT NULL))
) STRICT;
CREATE INDEX scheduled_report_due ON scheduled_report (due_at) WHERE state = 'due';
CREATE INDEX scheduled_report_latest ON scheduled_report (due_at);
`,
};
