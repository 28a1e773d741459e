import type { Migration } from '#node-kit/sqlite/index.ts';

/** Limits that are made of what the same unit said before: capability figures need to know them from fixed ones. */
export const migration0140: Migration = {
  version: 140,
  sql: `
-- 1 where low or high is made of a captured value, so that each unit has its own.
ALTER TABLE measurement ADD COLUMN relative INTEGER NOT NULL DEFAULT 0 CHECK (relative IN (0, 1));
`,
};
