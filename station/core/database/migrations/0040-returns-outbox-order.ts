import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * Triples given back to the registry; an outbox that keeps each lane in order; the consumption of the pool.
 *
 * `returned` is a state of its own, so the table of triples is written anew (SQLite cannot widen a CHECK). A triple
 * leaves the pool in the transaction that writes the `lease_return` the registry is told of, again and again until it
 * has answered; what was ever claimed can never go that way.
 */
export const migration0040: Migration = {
  version: 40,
  sql: `
PRAGMA defer_foreign_keys = ON;

CREATE TABLE lease_return (
  return_id TEXT PRIMARY KEY,
  lease     TEXT NOT NULL REFERENCES lease (request_id),
  asked_at  INTEGER NOT NULL,
  -- When the registry had answered for each of them.
  done_at   INTEGER
) STRICT;
CREATE INDEX lease_return_open ON lease_return (asked_at) WHERE done_at IS NULL;

-- While the table is away its children look for every row of it.
CREATE INDEX run_of_triple ON run (triple_id);
CREATE TEMP TABLE triple_kept AS SELECT * FROM triple;
DROP TABLE triple;
CREATE TABLE triple (
  triple_id   INTEGER PRIMARY KEY,
  product_id  TEXT NOT NULL,
  device_name TEXT NOT NULL,
  secret      BLOB NOT NULL,
  state       TEXT NOT NULL CHECK (state IN
                ('available','claimed','burning','burned','registered','in-doubt','quarantined','retired','returned')),
  unit_id     INTEGER REFERENCES unit (unit_id),
  source      TEXT NOT NULL,
  lease       TEXT REFERENCES lease (request_id),
  -- With which message it went back; told until that one is done.
  return_id   TEXT REFERENCES lease_return (return_id),
  created_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,
  UNIQUE (product_id, device_name),
  CHECK (state IN ('quarantined','retired') OR (state IN ('available','returned')) = (unit_id IS NULL)),
  CHECK (state <> 'returned' OR return_id IS NOT NULL),
  CHECK (state <> 'available' OR return_id IS NULL)
) STRICT;
INSERT INTO triple (triple_id, product_id, device_name, secret, state, unit_id, source, lease, created_at, changed_at)
  SELECT triple_id, product_id, device_name, secret, state, unit_id, source, lease, created_at, changed_at
  FROM triple_kept;
DROP TABLE triple_kept;
DROP INDEX run_of_triple;

CREATE UNIQUE INDEX triple_one_live_per_unit ON triple (unit_id)
  WHERE state IN ('claimed','burning','burned','registered','in-doubt');
CREATE INDEX triple_pool ON triple (product_id, triple_id) WHERE state = 'available';
CREATE INDEX triple_of_unit ON triple (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX triple_unsettled ON triple (state) WHERE state IN ('burning','in-doubt');
-- Counting a pool of 100,000 must not read its secrets.
CREATE INDEX triple_by_state ON triple (product_id, state);
CREATE INDEX triple_of_lease ON triple (lease, state) WHERE lease IS NOT NULL;
CREATE INDEX triple_of_return ON triple (return_id) WHERE return_id IS NOT NULL;

CREATE TRIGGER triple_never_moves BEFORE UPDATE OF unit_id ON triple
  WHEN OLD.unit_id IS NOT NULL AND NEW.unit_id IS NOT NULL AND OLD.unit_id <> NEW.unit_id
  BEGIN SELECT RAISE(ABORT, 'a triple never moves from one unit to another'); END;
CREATE TRIGGER triple_keeps_name BEFORE UPDATE OF product_id, device_name ON triple
  BEGIN SELECT RAISE(ABORT, 'the name of a triple never changes'); END;
CREATE TRIGGER triple_retired_stays BEFORE UPDATE OF state ON triple WHEN OLD.state = 'retired'
  BEGIN SELECT RAISE(ABORT, 'a retired triple is never used again'); END;
CREATE TRIGGER triple_never_erased BEFORE DELETE ON triple
  BEGIN SELECT RAISE(ABORT, 'a triple is never erased'); END;
CREATE TRIGGER triple_returned_unused BEFORE UPDATE OF state ON triple
  WHEN NEW.state = 'returned' AND (OLD.state <> 'available' OR OLD.lease IS NULL
    OR EXISTS (SELECT 1 FROM identity_event WHERE triple_id = OLD.triple_id AND event = 'claim'))
  BEGIN SELECT RAISE(ABORT, 'only a leased triple that was never claimed is given back'); END;
CREATE TRIGGER triple_returned_comes_by_lease BEFORE UPDATE OF state ON triple
  WHEN OLD.state = 'returned' AND NEW.state = 'available' AND NEW.lease IS OLD.lease
  BEGIN SELECT RAISE(ABORT, 'a triple that was given back comes back only by a new lease'); END;

CREATE INDEX identity_event_claimed ON identity_event (at) WHERE event = 'claim';

-- Rows of an import under way wait in a table of their connection now.
DROP TABLE import_row;

-- Why a parked message no longer holds up its lane, and who approved that.
ALTER TABLE outbox ADD COLUMN set_aside TEXT CHECK (set_aside IS NULL OR state = 'parked');
CREATE INDEX outbox_lane ON outbox (lane, seq) WHERE state <> 'sent';
`,
};
