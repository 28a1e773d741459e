import type { Migration } from '#node-kit/sqlite/index.ts';

/** Recipes that the station knows without a batch: drafts, and who locked, released and withdrew a version. */
export const migration0180: Migration = {
  version: 180,
  sql: `
-- Who stored this version; null for one that an older Gongwei stored.
ALTER TABLE recipe ADD COLUMN added_by TEXT;

-- A version without a row is a trial.
CREATE TABLE recipe_lock (
  recipe_hash      TEXT PRIMARY KEY REFERENCES recipe (hash),
  locked_by        TEXT NOT NULL,
  locked_at        INTEGER NOT NULL,
  released_by      TEXT,
  released_at      INTEGER,
  withdrawn_by     TEXT,
  withdrawn_at     INTEGER,
  withdrawn_reason TEXT,
  -- Four eyes: who locked it does not release it.
  CHECK (released_by IS NULL OR released_by <> locked_by),
  CHECK ((released_by IS NULL) = (released_at IS NULL)),
  CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL) AND (withdrawn_by IS NULL) = (withdrawn_reason IS NULL))
) STRICT, WITHOUT ROWID;

-- A text that is edited, with or without mistakes.
CREATE TABLE recipe_draft (
  draft_id   TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  version    TEXT NOT NULL,
  source     TEXT NOT NULL,
  base_hash  TEXT REFERENCES recipe (hash),
  revision   INTEGER NOT NULL,
  issues     INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  saved_by   TEXT NOT NULL,
  saved_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE recipe_draft_file (
  draft_id TEXT NOT NULL REFERENCES recipe_draft (draft_id),
  name     TEXT NOT NULL,
  content  BLOB NOT NULL,
  PRIMARY KEY (draft_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX batch_by_recipe ON batch (recipe_hash, created_at);
`,
};
