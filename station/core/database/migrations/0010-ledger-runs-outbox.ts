import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * The ledger. Times are Unix milliseconds. What must never happen is forbidden here, by constraint and trigger,
 * not only by the code above: two live triples on one unit, one triple on two units, a changed or erased record.
 */
export const migration0010: Migration = {
  version: 10,
  sql: `
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Data keys that seal secrets, themselves wrapped by the host's SecretBox.
CREATE TABLE secret_key (
  key_id     INTEGER PRIMARY KEY,
  wrapped    BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE unit (
  unit_id          INTEGER PRIMARY KEY,
  chip_id          TEXT NOT NULL UNIQUE,
  serial_number    TEXT UNIQUE,
  model            TEXT,
  firmware_version TEXT,
  first_seen_at    INTEGER NOT NULL,
  last_seen_at     INTEGER NOT NULL
) STRICT;

-- A lease is asked for by request_id; the row exists before the question leaves, so that a lost answer is asked for again.
CREATE TABLE lease (
  request_id TEXT PRIMARY KEY,
  product_id TEXT NOT NULL,
  count      INTEGER NOT NULL CHECK (count > 0),
  lease_id   TEXT UNIQUE,
  asked_at   INTEGER NOT NULL,
  held_at    INTEGER
) STRICT;

CREATE TABLE triple (
  triple_id   INTEGER PRIMARY KEY,
  product_id  TEXT NOT NULL,
  device_name TEXT NOT NULL,
  secret      BLOB NOT NULL,
  state       TEXT NOT NULL CHECK (state IN
                ('available','claimed','burning','burned','registered','in-doubt','quarantined','retired')),
  unit_id     INTEGER REFERENCES unit (unit_id),
  source      TEXT NOT NULL,
  lease       TEXT REFERENCES lease (request_id),
  created_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,
  UNIQUE (product_id, device_name),
  CHECK (state IN ('quarantined','retired') OR (state = 'available') = (unit_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX triple_one_live_per_unit ON triple (unit_id)
  WHERE state IN ('claimed','burning','burned','registered','in-doubt');
CREATE INDEX triple_pool ON triple (product_id, triple_id) WHERE state = 'available';
CREATE INDEX triple_of_unit ON triple (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX triple_unsettled ON triple (state) WHERE state IN ('burning','in-doubt');

CREATE TRIGGER triple_never_moves BEFORE UPDATE OF unit_id ON triple
  WHEN OLD.unit_id IS NOT NULL AND NEW.unit_id IS NOT NULL AND OLD.unit_id <> NEW.unit_id
  BEGIN SELECT RAISE(ABORT, 'a triple never moves from one unit to another'); END;
CREATE TRIGGER triple_keeps_name BEFORE UPDATE OF product_id, device_name ON triple
  BEGIN SELECT RAISE(ABORT, 'the name of a triple never changes'); END;
CREATE TRIGGER triple_retired_stays BEFORE UPDATE OF state ON triple WHEN OLD.state = 'retired'
  BEGIN SELECT RAISE(ABORT, 'a retired triple is never used again'); END;
CREATE TRIGGER triple_never_erased BEFORE DELETE ON triple
  BEGIN SELECT RAISE(ABORT, 'a triple is never erased'); END;

-- Rows of an import under way: checked and sealed one by one, taken over all at once or thrown away.
CREATE TABLE import_row (
  import_id   TEXT NOT NULL,
  seq         INTEGER NOT NULL,
  product_id  TEXT NOT NULL,
  device_name TEXT NOT NULL,
  secret      BLOB NOT NULL,
  PRIMARY KEY (import_id, seq)
) STRICT, WITHOUT ROWID;

-- Everything that ever happened to a triple.
CREATE TABLE identity_event (
  event_id   INTEGER PRIMARY KEY AUTOINCREMENT,
  triple_id  INTEGER NOT NULL REFERENCES triple (triple_id),
  unit_id    INTEGER REFERENCES unit (unit_id),
  run_id     TEXT,
  event      TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  at         INTEGER NOT NULL,
  note       TEXT NOT NULL
) STRICT;
CREATE INDEX identity_event_triple ON identity_event (triple_id);
CREATE INDEX identity_event_unit ON identity_event (unit_id);
CREATE TRIGGER identity_event_fixed BEFORE UPDATE ON identity_event
  BEGIN SELECT RAISE(ABORT, 'history is never changed'); END;
CREATE TRIGGER identity_event_kept BEFORE DELETE ON identity_event
  BEGIN SELECT RAISE(ABORT, 'history is never erased'); END;

CREATE TABLE recipe (
  hash     TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  version  TEXT NOT NULL,
  source   TEXT NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE batch (
  batch_id    TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  recipe_hash TEXT NOT NULL REFERENCES recipe (hash),
  product_id  TEXT NOT NULL,
  quantity    INTEGER NOT NULL CHECK (quantity > 0),
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE run (
  run_id          TEXT PRIMARY KEY,
  batch_id        TEXT NOT NULL REFERENCES batch (batch_id),
  slot            INTEGER NOT NULL,
  port_path       TEXT NOT NULL,
  serial_number   TEXT,
  unit_id         INTEGER REFERENCES unit (unit_id),
  triple_id       INTEGER REFERENCES triple (triple_id),
  station         TEXT NOT NULL,
  operator        TEXT NOT NULL,
  app_version     TEXT NOT NULL,
  recipe_hash     TEXT NOT NULL,
  firmware_sha256 TEXT,
  proof           TEXT,
  started_at      INTEGER NOT NULL,
  finished_at     INTEGER,
  outcome         TEXT CHECK (outcome IN ('PASS','FAIL','ERROR','TIMEOUT','ABORTED')),
  failure         TEXT,
  CHECK ((outcome IS NULL) = (finished_at IS NULL))
) STRICT;
CREATE INDEX run_by_batch ON run (batch_id, started_at);
CREATE INDEX run_by_serial ON run (serial_number, started_at);
CREATE INDEX run_by_unit ON run (unit_id, started_at);
CREATE INDEX run_unfinished ON run (run_id) WHERE outcome IS NULL;
CREATE TRIGGER run_never_overwritten BEFORE UPDATE ON run WHEN OLD.outcome IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a finished run is never overwritten'); END;
CREATE TRIGGER run_never_erased BEFORE DELETE ON run
  BEGIN SELECT RAISE(ABORT, 'a run is never erased'); END;

-- One row per attempt of a step, written when it ends: a killed station keeps what was finished.
CREATE TABLE run_step (
  run_id     TEXT NOT NULL REFERENCES run (run_id),
  seq        INTEGER NOT NULL,
  phase      TEXT NOT NULL,
  step       TEXT NOT NULL,
  attempt    INTEGER NOT NULL,
  outcome    TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ms         REAL NOT NULL,
  failure    TEXT,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE measurement (
  run_id   TEXT NOT NULL,
  step_seq INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  name     TEXT NOT NULL,
  -- JSON of the value, so that 1, "1" and true stay what they were.
  value    TEXT NOT NULL,
  unit     TEXT,
  limits   TEXT NOT NULL,
  outcome  TEXT NOT NULL,
  PRIMARY KEY (run_id, step_seq, seq),
  FOREIGN KEY (run_id, step_seq) REFERENCES run_step (run_id, seq)
) STRICT, WITHOUT ROWID;

-- Messages for the registry, written in the transaction of what they tell.
CREATE TABLE outbox (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  key        TEXT NOT NULL UNIQUE,
  lane       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  payload    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state      TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','sent','parked')),
  attempts   INTEGER NOT NULL DEFAULT 0,
  reason     TEXT,
  settled_at INTEGER
) STRICT;
CREATE INDEX outbox_pending ON outbox (seq) WHERE state = 'pending';
CREATE INDEX outbox_parked ON outbox (seq) WHERE state = 'parked';
CREATE TRIGGER outbox_never_erased BEFORE DELETE ON outbox WHEN OLD.state <> 'sent'
  BEGIN SELECT RAISE(ABORT, 'an unsent message is never erased'); END;
`,
};
