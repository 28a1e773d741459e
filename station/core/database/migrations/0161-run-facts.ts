import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * Facts of finished runs in narrow rows, to find runs by any filter, and figures of batches that are kept as runs end. All
 * of it is derived from `run`, `run_step` and `measurement`, in the order of the rows of `run`; see
 * docs/adr/0053-figures-kept-as-runs-end.md. `batch` is the row of a batch, `row` the row of a run: neither is ever removed.
 */
export const migration0161: Migration = {
  version: 161,
  sql: `
-- All runs up to this row are in the tables below.
CREATE TABLE fact_progress (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  row INTEGER NOT NULL
) STRICT;
INSERT INTO fact_progress VALUES (1, 0);

CREATE TABLE fact_origin (
  origin      INTEGER PRIMARY KEY,
  station     TEXT NOT NULL,
  operator    TEXT NOT NULL,
  recipe_hash TEXT NOT NULL
) STRICT;
CREATE TABLE fact_cause (
  cause       INTEGER PRIMARY KEY,
  code        TEXT NOT NULL,
  phase       TEXT NOT NULL,
  step        TEXT NOT NULL,
  measurement TEXT
) STRICT;
-- How far a unit came in a batch: bits of its runs, and of the phases that it reached and passed.
CREATE TABLE fact_unit_state (
  state   INTEGER PRIMARY KEY,
  bits    INTEGER NOT NULL,
  reached INTEGER NOT NULL,
  passed  INTEGER NOT NULL
) STRICT;
CREATE TABLE fact_phase (
  batch INTEGER NOT NULL,
  bit   INTEGER NOT NULL,
  phase TEXT NOT NULL,
  -- Its latest place in a run.
  place INTEGER NOT NULL,
  PRIMARY KEY (batch, bit)
) STRICT, WITHOUT ROWID;
CREATE TABLE fact_series (
  batch  INTEGER NOT NULL,
  series INTEGER NOT NULL,
  -- Phase, step, name, unit and place on a curve, as a JSON list.
  names  TEXT NOT NULL,
  PRIMARY KEY (batch, series)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_fact (
  row         INTEGER PRIMARY KEY,
  batch       INTEGER NOT NULL,
  slot        INTEGER NOT NULL,
  origin      INTEGER NOT NULL,
  -- The place in the list of outcomes; 0 is PASS.
  outcome     INTEGER NOT NULL,
  cause       INTEGER,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  -- The first run of its unit in the batch; null for a run with neither chip nor serial number.
  unit        INTEGER,
  -- In the first run of a unit: the state of the unit.
  state       INTEGER,
  -- 1 for the run whose measurements count for its unit.
  measured    INTEGER NOT NULL,
  -- Serial number, chip and DeviceName in upper case.
  names       TEXT NOT NULL
) STRICT;

CREATE TABLE batch_fact (
  batch      INTEGER PRIMARY KEY,
  first_row  INTEGER NOT NULL,
  last_row   INTEGER NOT NULL,
  runs       INTEGER NOT NULL,
  -- Units by their latest run, as a work order counts them.
  passed     INTEGER NOT NULL,
  not_passed INTEGER NOT NULL,
  last_ended_at INTEGER NOT NULL
) STRICT;
-- Units by the hour, slot and origin of their first run, the five minutes in which it ended, and their state.
CREATE TABLE unit_cell (
  batch  INTEGER NOT NULL,
  hour   INTEGER NOT NULL,
  slot   INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  ended  INTEGER NOT NULL,
  state  INTEGER NOT NULL,
  units  INTEGER NOT NULL,
  PRIMARY KEY (batch, hour, slot, origin, ended, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_cell (
  batch     INTEGER NOT NULL,
  hour      INTEGER NOT NULL,
  slot      INTEGER NOT NULL,
  origin    INTEGER NOT NULL,
  outcome   INTEGER NOT NULL,
  -- 0 for PASS.
  cause     INTEGER NOT NULL,
  runs      INTEGER NOT NULL,
  unnamed   INTEGER NOT NULL,
  first_row INTEGER NOT NULL,
  last_row  INTEGER NOT NULL,
  PRIMARY KEY (batch, hour, slot, origin, outcome, cause)
) STRICT, WITHOUT ROWID;
-- Durations of passed runs in tenths of a second.
CREATE TABLE duration_cell (
  batch    INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  runs     INTEGER NOT NULL,
  PRIMARY KEY (batch, duration)
) STRICT, WITHOUT ROWID;
-- Sums of measured values by the hour, slot and origin of the first run of a unit, as JSON. Slot 0 and origin 0 have all of an
-- hour, and those of hour -3000000000 all of a batch.
CREATE TABLE series_cell (
  batch  INTEGER NOT NULL,
  hour   INTEGER NOT NULL,
  slot   INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  sums   TEXT NOT NULL,
  PRIMARY KEY (batch, hour, slot, origin)
) STRICT;
`,
};
