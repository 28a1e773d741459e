import type { Migration } from '#node-kit/sqlite/index.ts';

/** How the units of a batch are started, where it says so. */
export const migration0061: Migration = {
  version: 61,
  sql: `
-- Null: as the station starts units.
ALTER TABLE batch ADD COLUMN start_mode TEXT CHECK (start_mode IN ('scan', 'arrival'));
`,
};
