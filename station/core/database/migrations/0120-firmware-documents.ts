import type { Migration } from '#node-kit/sqlite/index.ts';

/** Documents that a maker puts beside a firmware, and names in its ota_cfg.json that cannot be names. */
export const migration0120: Migration = {
  version: 120,
  sql: `
-- What the package gives as its product or version where that cannot be one: shown to who has to name it.
ALTER TABLE firmware ADD COLUMN product_unfit TEXT;
ALTER TABLE firmware ADD COLUMN version_unfit TEXT;

-- The content lies in a file named by its hash, as that of a firmware does.
CREATE TABLE firmware_document (
  firmware_sha256 TEXT NOT NULL REFERENCES firmware (sha256),
  -- As in the package, with '/'.
  path            TEXT NOT NULL CHECK (path <> ''),
  sha256          TEXT NOT NULL CHECK (length(sha256) = 64),
  size_bytes      INTEGER NOT NULL CHECK (size_bytes >= 0),
  PRIMARY KEY (firmware_sha256, path)
) STRICT, WITHOUT ROWID;
`,
};
