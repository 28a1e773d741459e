import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * A digest of every record as the station wrote it, so that what somebody changed by hand is found; see
 * docs/adr/0024-record-journal.md. What was there before is taken over in the transaction of this migration.
 */
export const migration0070: Migration = {
  version: 70,
  sql: `
CREATE TABLE record_journal (
  seq    INTEGER PRIMARY KEY,
  -- The table, and the key of the row in it: as text, of several columns as a JSON list.
  tbl    TEXT NOT NULL,
  key    TEXT NOT NULL,
  -- The first eight bytes of the digest of what the row was before; null when there was none.
  was    BLOB,
  -- SHA-256 of what it is from now on; null when it was removed.
  digest BLOB
) STRICT;
CREATE TRIGGER record_journal_fixed BEFORE UPDATE ON record_journal
  BEGIN SELECT RAISE(ABORT, 'the journal of records is never changed'); END;
CREATE TRIGGER record_journal_kept BEFORE DELETE ON record_journal
  BEGIN SELECT RAISE(ABORT, 'the journal of records is never erased'); END;
`,
};
