import type { Migration } from '#node-kit/sqlite/index.ts';

/** Each label that was or is to be printed, with what became of it. */
export const migration0192: Migration = {
  version: 192,
  sql: `
CREATE TABLE label_print (
  print_id     TEXT PRIMARY KEY,
  -- Without a run it is a test of the printer.
  run_id       TEXT REFERENCES run (run_id),
  unit_id      INTEGER REFERENCES unit (unit_id),
  -- The identity that the label shows; the unit may have got another one since.
  triple_id    INTEGER REFERENCES triple (triple_id),
  -- SHA-256 of the template, or 'default'.
  template     TEXT NOT NULL,
  payload      TEXT NOT NULL,
  reason       TEXT NOT NULL CHECK (reason IN ('pass','reprint','test')),
  why          TEXT NOT NULL,
  -- Number of this print among those of its unit with this identity.
  copy         INTEGER NOT NULL CHECK (copy >= 1),
  asked_by     TEXT NOT NULL,
  asked_at     INTEGER NOT NULL,
  wants_scan   INTEGER NOT NULL CHECK (wants_scan IN (0, 1)),
  state        TEXT NOT NULL CHECK (state IN
                 ('asked','waiting','sending','printed','unconfirmed','held','failed','skipped')),
  -- The slot whose next unit waits until this print is settled.
  slot         INTEGER,
  -- How the printer was reached.
  place        TEXT,
  -- The last fault, as JSON.
  fault        TEXT,
  -- Before the first byte left; of the last attempt.
  sent_at      INTEGER,
  ended_at     INTEGER,
  confirmed_by TEXT CHECK (confirmed_by IN ('printer','person','scan')),
  scanned_at   INTEGER,
  void_at      INTEGER,
  void_by      TEXT,
  void_reason  TEXT,
  CHECK ((reason = 'test') = (run_id IS NULL)),
  CHECK (state <> 'sending' OR sent_at IS NOT NULL),
  CHECK ((void_at IS NULL) = (void_by IS NULL) AND (void_at IS NULL) = (void_reason IS NULL))
) STRICT;
CREATE INDEX label_print_run ON label_print (run_id);
CREATE INDEX label_print_triple ON label_print (triple_id);
CREATE INDEX label_print_asked ON label_print (asked_at);
CREATE INDEX label_print_slot ON label_print (slot) WHERE slot IS NOT NULL;
CREATE INDEX label_print_open ON label_print (asked_at)
  WHERE state IN ('asked','waiting','sending','unconfirmed','held','failed');

CREATE TRIGGER label_print_moves BEFORE UPDATE OF state ON label_print
WHEN OLD.state <> NEW.state AND NOT (
  (OLD.state = 'asked' AND NEW.state IN ('waiting','skipped'))
  OR (OLD.state = 'waiting' AND NEW.state IN ('sending','failed','skipped'))
  OR (OLD.state = 'sending' AND NEW.state IN ('printed','unconfirmed','held'))
  OR (OLD.state = 'unconfirmed' AND NEW.state IN ('printed','waiting','skipped'))
  OR (OLD.state = 'held' AND NEW.state IN ('printed','unconfirmed','waiting','skipped'))
  OR (OLD.state = 'failed' AND NEW.state IN ('waiting','skipped')))
BEGIN SELECT RAISE(ABORT, 'this state of a print cannot follow'); END;
CREATE TRIGGER label_print_frozen BEFORE UPDATE OF print_id, run_id, unit_id, triple_id, template, payload, reason, why,
  copy, asked_by, asked_at, wants_scan ON label_print
BEGIN SELECT RAISE(ABORT, 'what a label shows never changes'); END;
CREATE TRIGGER label_print_void_once BEFORE UPDATE OF void_at, void_by, void_reason ON label_print
WHEN OLD.void_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a label that is void stays void'); END;
CREATE TRIGGER label_print_kept BEFORE DELETE ON label_print
BEGIN SELECT RAISE(ABORT, 'prints are never deleted'); END;

-- Whoever retires an identity: its labels are void from then on. The history of the identity says who and why.
CREATE TRIGGER label_print_of_retired AFTER UPDATE OF state ON triple
WHEN NEW.state = 'retired' AND OLD.state <> 'retired'
BEGIN
  UPDATE label_print SET void_at = NEW.changed_at, void_by = 'station', void_reason = 'identity-retired'
  WHERE triple_id = NEW.triple_id AND void_at IS NULL;
END;
`,
};
