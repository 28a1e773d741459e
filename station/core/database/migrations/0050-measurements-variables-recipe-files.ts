import type { Migration } from '#node-kit/sqlite/index.ts';

/**
 * What a test executive keeps: measurements with numbers to compute capability from, points of a curve, marginal
 * values; variables of a run, so that it can go on where a crash left it; recipes with the files they are made of.
 */
export const migration0050: Migration = {
  version: 50,
  sql: `
-- Numeric limits, for Cp and Cpk; null where a side is open or the limit is not a number.
ALTER TABLE measurement ADD COLUMN low REAL;
ALTER TABLE measurement ADD COLUMN high REAL;
-- Within its limits, but near enough to them to be told.
ALTER TABLE measurement ADD COLUMN marginal INTEGER NOT NULL DEFAULT 0 CHECK (marginal IN (0, 1));
-- Where on a curve this point lies, as JSON: [{"name":"frequency","value":2412,"unit":"MHz"}]; null for a single value.
ALTER TABLE measurement ADD COLUMN at TEXT;
CREATE INDEX measurement_by_name ON measurement (name, run_id);

-- Variables that the step set, as JSON; what a run needs to go on after a crash.
ALTER TABLE run_step ADD COLUMN captured TEXT;
-- How often the run was taken up again.
ALTER TABLE run ADD COLUMN resumed INTEGER NOT NULL DEFAULT 0;

-- The files beside a recipe that are part of it: scripts, thing models, pictures.
CREATE TABLE recipe_file (
  recipe_hash TEXT NOT NULL REFERENCES recipe (hash),
  name        TEXT NOT NULL,
  content     BLOB NOT NULL,
  PRIMARY KEY (recipe_hash, name)
) STRICT, WITHOUT ROWID;

-- A production batch runs a locked recipe; any other is a trial. What was made before was made without locks.
ALTER TABLE batch ADD COLUMN lock_hash TEXT;
`,
};
