import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * Templates of labels that engineers removed from the list: their versions stay, because prints and recipes name them by hash.
 * Files of imported runs, whose bytes are in the folder `attachments`, as those of the station's own runs.
 */
export const migration0202: Migration = {
  version: 202,
  sql: `
CREATE TABLE removed_label_template (
  name       TEXT NOT NULL,
  -- The latest version at that time; a later one is in the list again.
  version    INTEGER NOT NULL,
  removed_by TEXT NOT NULL,
  removed_at INTEGER NOT NULL,
  PRIMARY KEY (name, version),
  FOREIGN KEY (name, version) REFERENCES label_template (name, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER removed_label_template_frozen_update BEFORE UPDATE ON removed_label_template
BEGIN SELECT RAISE(ABORT, 'a removal of a label template never changes'); END;
CREATE TRIGGER removed_label_template_frozen_delete BEFORE DELETE ON removed_label_template
BEGIN SELECT RAISE(ABORT, 'a removal of a label template never changes'); END;

CREATE TABLE foreign_attachment (
  run_id     TEXT NOT NULL REFERENCES foreign_run (run_id),
  seq        INTEGER NOT NULL,
  phase      TEXT NOT NULL,
  step       TEXT NOT NULL,
  attempt    INTEGER NOT NULL,
  name       TEXT NOT NULL CHECK (name <> ''),
  media_type TEXT NOT NULL CHECK (media_type <> ''),
  bytes      INTEGER NOT NULL CHECK (bytes >= 0),
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  made_at    INTEGER NOT NULL,
  made_by    TEXT NOT NULL CHECK (made_by IN ('prompt', 'script', 'tool')),
  -- 0: the other station did not have the file any more, or had another one.
  is_here    INTEGER NOT NULL CHECK (is_here IN (0, 1)),
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX foreign_attachment_content ON foreign_attachment (sha256);
CREATE TRIGGER foreign_attachment_is_final BEFORE UPDATE ON foreign_attachment
BEGIN SELECT RAISE(ABORT, 'an attachment of an imported run is never changed'); END;
CREATE TRIGGER foreign_attachment_is_kept BEFORE DELETE ON foreign_attachment
WHEN (SELECT imported_at FROM foreign_source JOIN foreign_run USING (source_id) WHERE run_id = OLD.run_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an attachment of an imported run is never removed'); END;
`,
};
