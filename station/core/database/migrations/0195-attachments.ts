import type { Migration } from '#node-kit/sqlite/index.ts';

/** Files that belong to runs: photos, logs, waveforms. Their bytes are in the folder `attachments` of the data directory. */
export const migration0195: Migration = {
  version: 195,
  sql: `
CREATE TABLE attachment (
  run_id     TEXT NOT NULL,
  step_seq   INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  -- As people see it; the file itself has its digest as its name.
  name       TEXT NOT NULL CHECK (name <> ''),
  media_type TEXT NOT NULL CHECK (media_type <> ''),
  bytes      INTEGER NOT NULL CHECK (bytes >= 0),
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  made_at    INTEGER NOT NULL,
  made_by    TEXT NOT NULL CHECK (made_by IN ('prompt', 'script', 'tool')),
  PRIMARY KEY (run_id, step_seq, seq),
  UNIQUE (run_id, name),
  FOREIGN KEY (run_id, step_seq) REFERENCES run_step (run_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_content ON attachment (sha256);
CREATE INDEX attachment_by_age ON attachment (made_at);
CREATE TRIGGER attachment_frozen_update BEFORE UPDATE ON attachment
BEGIN SELECT RAISE(ABORT, 'an attachment of a run never changes'); END;
CREATE TRIGGER attachment_frozen_delete BEFORE DELETE ON attachment
BEGIN SELECT RAISE(ABORT, 'an attachment of a run never changes'); END;

-- The file was removed because of its age; the record with its digest stays.
CREATE TABLE removed_attachment (
  run_id     TEXT NOT NULL,
  step_seq   INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  removed_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, step_seq, seq),
  FOREIGN KEY (run_id, step_seq, seq) REFERENCES attachment (run_id, step_seq, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER removed_attachment_frozen_update BEFORE UPDATE ON removed_attachment
BEGIN SELECT RAISE(ABORT, 'a removed attachment never comes back'); END;
CREATE TRIGGER removed_attachment_frozen_delete BEFORE DELETE ON removed_attachment
BEGIN SELECT RAISE(ABORT, 'a removed attachment never comes back'); END;
`,
};
