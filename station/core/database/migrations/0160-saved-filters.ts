import type { Migration } from '#node-kit/sqlite/index.ts';

/** Filters for runs that people save under a name. */
export const migration0160: Migration = {
  version: 160,
  sql: `
CREATE TABLE saved_filter (
  filter_id TEXT PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE,
  saved_by  TEXT NOT NULL,
  saved_at  INTEGER NOT NULL,
  -- The filter and the list of columns, as JSON.
  filter    TEXT NOT NULL,
  columns   TEXT NOT NULL
) STRICT;
`,
};
