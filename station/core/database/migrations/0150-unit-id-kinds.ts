import type { Migration } from '#node-kit/sqlite/index.ts';

/** What a unit goes by is a MAC, a chip id, or a serial number that it said itself; null where it was not kept. */
export const migration0150: Migration = {
  version: 150,
  sql: `
ALTER TABLE unit ADD COLUMN id_kind TEXT CHECK (id_kind IN ('mac', 'chip-id', 'serial-number'));
-- As the unit said it, for a serial number: chip_id has its bytes in hex.
ALTER TABLE unit ADD COLUMN id_text TEXT;
`,
};
