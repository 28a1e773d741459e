import type { Migration } from '#node-kit/sqlite/index.ts';

/** Templates of labels that engineers removed from the list. Their versions stay, because prints and recipes name them by hash. */
export const migration0202: Migration = {
  version: 202,
  sql: `
CREATE TABLE removed_label_template (
  name       TEXT NOT NULL,
  -- The latest version at that time; a later one is in the list again.
  version    INTEGER NOT NULL,
  removed_by TEXT NOT NULL,
  removed_at INTEGER NOT NULL,
  PRIMARY KEY (name, version),
  FOREIGN KEY (name, version) REFERENCES label_template (name, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER removed_label_template_frozen_update BEFORE UPDATE ON removed_label_template
BEGIN SELECT RAISE(ABORT, 'a removal of a label template never changes'); END;
CREATE TRIGGER removed_label_template_frozen_delete BEFORE DELETE ON removed_label_template
BEGIN SELECT RAISE(ABORT, 'a removal of a label template never changes'); END;
`,
};
