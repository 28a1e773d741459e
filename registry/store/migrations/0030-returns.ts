/** The returns desk: what was done to which unit, by whom, and which identity it left with. */
export const RETURNS_SCHEMA = `
CREATE TABLE returns (
  return_id TEXT PRIMARY KEY,
  event_key TEXT NOT NULL REFERENCES events (key) DEFERRABLE INITIALLY DEFERRED,
  station TEXT NOT NULL,
  chip_id TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('keep', 'reissue', 'retire')),
  reason TEXT NOT NULL,
  approver TEXT NOT NULL,
  person TEXT NOT NULL,
  device_id INTEGER REFERENCES devices (id),
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX returns_by_chip ON returns (chip_id);
`;
