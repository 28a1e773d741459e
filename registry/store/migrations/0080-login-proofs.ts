/** From which unit an identity logged in first, as its station said before the unit passed. One for each, for good. */
export const LOGIN_PROOFS_SCHEMA = `
CREATE TABLE login_proofs (
  device_id INTEGER PRIMARY KEY REFERENCES devices (id),
  chip_id TEXT NOT NULL,
  station TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER login_proofs_fixed BEFORE UPDATE ON login_proofs
  BEGIN SELECT RAISE(ABORT, 'from which unit an identity logged in first is never changed'); END;
CREATE TRIGGER login_proofs_kept BEFORE DELETE ON login_proofs
  BEGIN SELECT RAISE(ABORT, 'from which unit an identity logged in first is never erased'); END;
`;
