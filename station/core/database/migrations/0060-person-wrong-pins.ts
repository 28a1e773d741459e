import type { Migration } from '#node-kit/sqlite/index.ts';

/** Wrong PINs are counted where a restart does not forget them. */
export const migration0060: Migration = {
  version: 60,
  sql: `
-- One after the other, since the last right one; at five the name is locked.
ALTER TABLE person ADD COLUMN wrong_pins INTEGER NOT NULL DEFAULT 0 CHECK (wrong_pins BETWEEN 0 AND 5);
`,
};
