import type { Migration } from '#node-kit/sqlite/index.ts';

/** What a recipe was made of when it was stored, part by part, so that a change of it can be named. */
export const migration0080: Migration = {
  version: 80,
  sql: `
-- A lock as JSON: hashes of files and steps, limits in words. The recipe's own hash says whether it was changed.
CREATE TABLE recipe_parts (
  recipe_hash TEXT PRIMARY KEY REFERENCES recipe (hash),
  parts       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
