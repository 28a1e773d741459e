import type { Migration } from '#node-kit/sqlite/index.ts';

/** Closed batches, the public keys of the station, and the documents that it has signed. */
export const migration0193: Migration = {
  version: 193,
  sql: `
ALTER TABLE batch ADD COLUMN closed_at INTEGER;
ALTER TABLE batch ADD COLUMN closed_by TEXT;
CREATE TRIGGER batch_stays_closed BEFORE UPDATE OF closed_at, closed_by ON batch WHEN OLD.closed_at IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a closed batch stays closed'); END;
-- A run that ended elsewhere may be added to the records of a closed batch.
CREATE TRIGGER run_of_closed_batch BEFORE INSERT ON run
  WHEN NEW.outcome IS NULL AND (SELECT closed_at FROM batch WHERE batch_id = NEW.batch_id) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a closed batch takes no runs'); END;

-- The private key is a sealed setting; every public key stays, so that old signatures keep their owner.
CREATE TABLE signing_key (
  seq        INTEGER PRIMARY KEY,
  key_id     TEXT NOT NULL UNIQUE CHECK (length(key_id) = 64),
  public_key BLOB NOT NULL UNIQUE CHECK (length(public_key) = 44),
  -- Signature by the key itself: the registry accepts no key without it.
  proof      BLOB NOT NULL CHECK (length(proof) = 64),
  reason     TEXT NOT NULL CHECK (reason IN ('first', 'rotated', 'lost')),
  created_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER signing_key_fixed BEFORE UPDATE ON signing_key
  BEGIN SELECT RAISE(ABORT, 'a signing key is never changed'); END;
CREATE TRIGGER signing_key_kept BEFORE DELETE ON signing_key
  BEGIN SELECT RAISE(ABORT, 'a signing key is never erased'); END;

CREATE TABLE signed_document (
  document_id INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('batch-balance', 'birth-certificate')),
  -- The id of a batch or of a run.
  subject     TEXT NOT NULL,
  key_id      TEXT NOT NULL REFERENCES signing_key (key_id),
  -- SHA-256 of the file.
  sha256      TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  -- The file, compressed (RFC 1951).
  content     BLOB NOT NULL,
  made_at     INTEGER NOT NULL,
  made_by     TEXT NOT NULL
) STRICT;
CREATE INDEX signed_document_subject ON signed_document (kind, subject, document_id);
CREATE TRIGGER signed_document_fixed BEFORE UPDATE ON signed_document
  BEGIN SELECT RAISE(ABORT, 'a signed document is never changed'); END;
CREATE TRIGGER signed_document_kept BEFORE DELETE ON signed_document
  BEGIN SELECT RAISE(ABORT, 'a signed document is never erased'); END;
`,
};
