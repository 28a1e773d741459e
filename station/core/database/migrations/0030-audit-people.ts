import type { Migration } from '#node-kit/sqlite/index.ts';

/** Who did what, when and why: append-only, each entry chained to the one before by its hash. People and their PINs. */
export const migration0030: Migration = {
  version: 30,
  sql: `
CREATE TABLE audit (
  seq     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  role    TEXT NOT NULL,
  action  TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  hash    TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject);
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit trail is never erased'); END;

CREATE TABLE person (
  name       TEXT PRIMARY KEY,
  role       TEXT NOT NULL CHECK (role IN ('operator','support','engineer')),
  -- scrypt, with its parameters and salt, see station/administration/people.
  pin_hash   TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
`,
};
