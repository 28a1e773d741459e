/**
 * What was seen of each station's audit trail. A head is never changed or erased; a trail that no longer contains the
 * newest one is a break, after which its new head begins another branch, so that it is watched all the same.
 */
export const AUDIT_SCHEMA = `
CREATE TABLE audit_breaks (
  break_id INTEGER PRIMARY KEY,
  station TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kept TEXT NOT NULL,
  shown TEXT,
  at_ms INTEGER NOT NULL,
  reason TEXT,
  approver TEXT,
  accepted_ms INTEGER,
  CHECK ((accepted_ms IS NULL) = (reason IS NULL)),
  CHECK ((accepted_ms IS NULL) = (approver IS NULL))
) STRICT;
CREATE INDEX audit_breaks_by_station ON audit_breaks (station, break_id);
CREATE TRIGGER audit_breaks_kept BEFORE DELETE ON audit_breaks
  BEGIN SELECT RAISE(ABORT, 'a break of an audit trail is never erased'); END;

CREATE TABLE audit_heads (
  head_id INTEGER PRIMARY KEY,
  station TEXT NOT NULL,
  -- The break that this branch begins with; 0 for the first.
  branch INTEGER NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  hash TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  UNIQUE (station, branch, seq)
) STRICT;
CREATE TRIGGER audit_heads_fixed BEFORE UPDATE ON audit_heads
  BEGIN SELECT RAISE(ABORT, 'a head of an audit trail is never changed'); END;
CREATE TRIGGER audit_heads_kept BEFORE DELETE ON audit_heads
  BEGIN SELECT RAISE(ABORT, 'a head of an audit trail is never erased'); END;
`;
