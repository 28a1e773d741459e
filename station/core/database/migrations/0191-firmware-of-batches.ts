import type { Migration } from '#node-kit/sqlite/index.ts';

/** A batch flashes the files that its firmware package had when the batch was made. */
export const migration0191: Migration = {
  version: 191,
  sql: `
-- A later import of the same firmware may bring another boot loader under the same path.
CREATE TABLE batch_firmware_file (
  batch_id   TEXT NOT NULL REFERENCES batch (batch_id),
  -- As in the package, with '/'.
  path       TEXT NOT NULL CHECK (path <> ''),
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  PRIMARY KEY (batch_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_firmware_file_content ON batch_firmware_file (sha256);

CREATE TRIGGER batch_firmware_file_frozen_update BEFORE UPDATE ON batch_firmware_file
BEGIN SELECT RAISE(ABORT, 'the firmware files of a batch never change'); END;
CREATE TRIGGER batch_firmware_file_frozen_delete BEFORE DELETE ON batch_firmware_file
BEGIN SELECT RAISE(ABORT, 'the firmware files of a batch never change'); END;
`,
};
