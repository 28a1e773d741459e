/**
 * Firmware by version. Contents lie in files named by their SHA-256. Several contents may be on their way for one
 * version, but only one can arrive: `firmware_one_content_per_version`.
 */
export const FIRMWARE_SCHEMA = `
CREATE TABLE firmware (
  firmware_id TEXT PRIMARY KEY,
  product_id TEXT NOT NULL,
  version TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  md5 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  file_name TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  config BLOB NOT NULL,
  state TEXT NOT NULL DEFAULT 'uploading' CHECK (state IN ('uploading', 'offline', 'online')),
  uploaded_by TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  touched_ms INTEGER NOT NULL,
  completed_ms INTEGER,
  UNIQUE (product_id, version, sha256),
  CHECK ((state = 'uploading') = (completed_ms IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX firmware_one_content_per_version ON firmware (product_id, version) WHERE state <> 'uploading';
CREATE INDEX firmware_by_content ON firmware (sha256);
CREATE TRIGGER firmware_content_fixed BEFORE UPDATE OF product_id, version, sha256, md5, size_bytes, config ON firmware
  WHEN OLD.state <> 'uploading'
  BEGIN SELECT RAISE(ABORT, 'the content of a complete firmware never changes'); END;
CREATE TRIGGER firmware_kept BEFORE DELETE ON firmware WHEN OLD.state <> 'uploading'
  BEGIN SELECT RAISE(ABORT, 'a complete firmware is never erased'); END;

-- The firmware that a run's batch names.
ALTER TABLE runs ADD COLUMN firmware_sha256 TEXT;
`;
