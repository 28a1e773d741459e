/**
 * Provisioning tokens and the bindings of devices to owners. Of a token only a keyed digest is stored; its text is derived again from
 * station and key. A token goes forward only, a device has one open binding at most, and an ended one is never changed.
 */
export const BIND_TOKENS_OWNERS_SCHEMA = `
CREATE TABLE bind_tokens (
  id INTEGER PRIMARY KEY,
  token_id TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  station TEXT NOT NULL,
  key TEXT NOT NULL,
  product_id TEXT NOT NULL,
  device_id INTEGER REFERENCES devices (id),
  batch_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('made', 'reported', 'bound', 'released', 'withdrawn')),
  made_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  reported_by INTEGER REFERENCES devices (id),
  reported_ms INTEGER,
  refused_by INTEGER REFERENCES devices (id),
  refused_ms INTEGER,
  CHECK ((reported_by IS NULL) = (reported_ms IS NULL)),
  CHECK (state NOT IN ('reported', 'bound', 'released') OR reported_by IS NOT NULL),
  CHECK (state <> 'made' OR reported_by IS NULL),
  UNIQUE (station, key)
) STRICT;
CREATE TRIGGER bind_tokens_forward BEFORE UPDATE OF state ON bind_tokens WHEN OLD.state <> NEW.state AND NOT (
    (OLD.state = 'made' AND NEW.state IN ('reported', 'withdrawn'))
    OR (OLD.state = 'reported' AND NEW.state IN ('bound', 'withdrawn'))
    OR (OLD.state = 'bound' AND NEW.state = 'released'))
  BEGIN SELECT RAISE(ABORT, 'a token goes forward only'); END;
CREATE TRIGGER bind_tokens_one_reporter BEFORE UPDATE OF reported_by ON bind_tokens WHEN OLD.reported_by IS NOT NULL
    AND OLD.reported_by IS NOT NEW.reported_by
  BEGIN SELECT RAISE(ABORT, 'a token is reported by one device'); END;
CREATE TABLE device_owners (
  id INTEGER PRIMARY KEY,
  device_id INTEGER NOT NULL REFERENCES devices (id),
  token INTEGER NOT NULL UNIQUE REFERENCES bind_tokens (id),
  owner TEXT NOT NULL CHECK (owner <> ''),
  station TEXT NOT NULL,
  key TEXT NOT NULL,
  bound_ms INTEGER NOT NULL,
  released_ms INTEGER,
  released_as TEXT CHECK (released_as IN ('station', 'device')),
  released_by TEXT,
  reason TEXT,
  told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
  CHECK ((released_ms IS NULL) = (released_as IS NULL)),
  CHECK ((released_ms IS NULL) = (released_by IS NULL)),
  CHECK ((released_ms IS NULL) = (reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX device_owners_open ON device_owners (device_id) WHERE released_ms IS NULL;
CREATE INDEX device_owners_by_device ON device_owners (device_id, id);
CREATE TRIGGER device_owners_fixed BEFORE UPDATE OF device_id, token, owner, station, key, bound_ms, released_ms, released_as,
    released_by, reason ON device_owners WHEN OLD.released_ms IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'an ended binding is never changed'); END;
CREATE TRIGGER device_owners_kept BEFORE DELETE ON device_owners
  BEGIN SELECT RAISE(ABORT, 'a binding is never erased'); END;
`;
