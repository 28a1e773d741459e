/**
 * A token for each station, of which only the hash is stored. A name has one valid token; a revoked token stays stored, so
 * that it is refused with its reason and the name cannot be enrolled again.
 *
 * A device belongs to the station that it is leased to, also when it is bound. A device that was bound without a lease, or at
 * a restored registry, belonged to no station; it now belongs to the station whose run bound it.
 */
export const STATIONS_SCHEMA = `
CREATE TABLE stations (
  station_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  token_sha256 BLOB NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
  -- JSON list of what it may do beyond its own.
  rights TEXT NOT NULL,
  came TEXT NOT NULL CHECK (came IN ('added', 'enrolled')),
  created_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX stations_one_token ON stations (name) WHERE revoked_ms IS NULL;
CREATE INDEX stations_by_name ON stations (name);
CREATE TRIGGER stations_kept BEFORE DELETE ON stations
  BEGIN SELECT RAISE(ABORT, 'a station is never erased'); END;
CREATE TRIGGER stations_fixed BEFORE UPDATE OF name, token_sha256, came, created_ms ON stations
  BEGIN SELECT RAISE(ABORT, 'the token of a station is never changed'); END;
CREATE TRIGGER stations_revoked_for_good BEFORE UPDATE ON stations WHEN OLD.revoked_ms IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a revoked token is never good again'); END;

UPDATE devices SET leased_to = (SELECT station FROM runs WHERE device_id = devices.id ORDER BY id LIMIT 1)
  WHERE state = 'bound' AND (leased_to IS NULL OR leased_to = 'held back ')
    AND EXISTS (SELECT 1 FROM runs WHERE device_id = devices.id);
`;
