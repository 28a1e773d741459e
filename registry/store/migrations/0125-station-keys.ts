/**
 * The public keys with which stations sign documents. A key is never changed or removed; another key of a station is another
 * row. A renamed station reports its keys again.
 */
export const STATION_KEYS_SCHEMA = `
CREATE TABLE station_keys (
  id INTEGER PRIMARY KEY,
  station TEXT NOT NULL CHECK (station <> ''),
  key_id TEXT NOT NULL CHECK (length(key_id) = 64),
  public_key BLOB NOT NULL CHECK (length(public_key) = 44),
  created_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  UNIQUE (key_id, station)
) STRICT;
CREATE INDEX station_keys_by_station ON station_keys (station, id);
CREATE TRIGGER station_keys_fixed BEFORE UPDATE ON station_keys
  BEGIN SELECT RAISE(ABORT, 'a key of a station is never changed'); END;
CREATE TRIGGER station_keys_kept BEFORE DELETE ON station_keys
  BEGIN SELECT RAISE(ABORT, 'a key of a station is never erased'); END;
`;
