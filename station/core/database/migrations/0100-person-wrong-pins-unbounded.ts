import type { Migration } from '#node-kit/sqlite/index.ts';

/** Waits after wrong PINs grow, so that more than five are counted. */
export const migration0100: Migration = {
  version: 100,
  sql: `
-- One after the other, since the last right one, at any seat; how long a seat waits follows from it.
ALTER TABLE person ADD COLUMN wrong_in_a_row INTEGER NOT NULL DEFAULT 0 CHECK (wrong_in_a_row >= 0);
UPDATE person SET wrong_in_a_row = wrong_pins;
ALTER TABLE person DROP COLUMN wrong_pins;
`,
};
