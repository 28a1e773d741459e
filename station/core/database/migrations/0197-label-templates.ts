import type { Migration } from '#node-kit/sqlite/index.ts';

/** Templates of labels that engineers saved at the station, and the numbers that labels got from counters. */
export const migration0197: Migration = {
  version: 197,
  sql: `
CREATE TABLE label_template (
  name     TEXT NOT NULL CHECK (name <> ''),
  -- 1, 2, 3: a version is never changed.
  version  INTEGER NOT NULL CHECK (version > 0),
  sha256   TEXT NOT NULL CHECK (length(sha256) = 64),
  source   TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_template_content ON label_template (sha256);
CREATE TRIGGER label_template_frozen_update BEFORE UPDATE ON label_template
BEGIN SELECT RAISE(ABORT, 'a version of a label template never changes'); END;
CREATE TRIGGER label_template_frozen_delete BEFORE DELETE ON label_template
BEGIN SELECT RAISE(ABORT, 'a version of a label template never changes'); END;

-- A number is given once; the labels of one run have the same number.
CREATE TABLE label_number (
  counter TEXT NOT NULL CHECK (counter <> ''),
  number  INTEGER NOT NULL CHECK (number > 0),
  run_id  TEXT NOT NULL REFERENCES run (run_id),
  PRIMARY KEY (counter, number),
  UNIQUE (run_id, counter)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER label_number_frozen_update BEFORE UPDATE ON label_number
BEGIN SELECT RAISE(ABORT, 'the number of a label never changes'); END;
CREATE TRIGGER label_number_frozen_delete BEFORE DELETE ON label_number
BEGIN SELECT RAISE(ABORT, 'the number of a label never changes'); END;
`,
};
