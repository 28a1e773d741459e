import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * Firmware packages by the SHA-256 of their `.bin.ota`: one content, one row. The content itself lies in a file named
 * by that hash. What a registry knows of it is kept per registry, so that a station bound to another one starts anew.
 */
export const migration0020: Migration = {
  version: 20,
  sql: `
CREATE TABLE firmware (
  sha256       TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  md5          TEXT NOT NULL CHECK (length(md5) = 32),
  size_bytes   INTEGER NOT NULL CHECK (size_bytes > 0),
  file_name    TEXT NOT NULL,
  package_name TEXT NOT NULL,
  -- JSON of what the header says, NULL when the content has none that is known.
  header       TEXT,
  -- ota_cfg.json byte for byte.
  config       BLOB NOT NULL,
  product_id   TEXT,
  product_from TEXT CHECK (product_from IN ('given','mapping')),
  version      TEXT,
  version_from TEXT CHECK (version_from IN ('given','mapping','header')),
  name         TEXT,
  description  TEXT,
  imported_by  TEXT NOT NULL,
  imported_at  INTEGER NOT NULL,
  CHECK ((product_id IS NULL) = (product_from IS NULL)),
  CHECK ((version IS NULL) = (version_from IS NULL))
) STRICT;
-- Two contents under one name would make every record that names it worthless.
CREATE UNIQUE INDEX firmware_one_content_per_version ON firmware (product_id, version)
  WHERE product_id IS NOT NULL AND version IS NOT NULL;
CREATE TRIGGER firmware_content_fixed BEFORE UPDATE OF sha256, md5, size_bytes, header, config ON firmware
  BEGIN SELECT RAISE(ABORT, 'the content of a firmware package never changes'); END;
CREATE TRIGGER firmware_never_erased BEFORE DELETE ON firmware
  BEGIN SELECT RAISE(ABORT, 'a firmware package is never erased'); END;

CREATE TABLE firmware_upload (
  sha256       TEXT NOT NULL REFERENCES firmware (sha256),
  registry_url TEXT NOT NULL,
  -- The registry's name for it, once it has given one.
  firmware_id  TEXT,
  state        TEXT NOT NULL CHECK (state IN ('uploading','offline','online')),
  received     INTEGER NOT NULL DEFAULT 0,
  -- What the registry computed over what it received.
  registry_sha256 TEXT,
  started_at   INTEGER NOT NULL,
  completed_at INTEGER,
  PRIMARY KEY (sha256, registry_url),
  CHECK ((state = 'uploading') = (completed_at IS NULL))
) STRICT, WITHOUT ROWID;

-- What a batch flashes or presumes flashed, when it says so.
ALTER TABLE batch ADD COLUMN firmware_sha256 TEXT REFERENCES firmware (sha256);
`,
};
