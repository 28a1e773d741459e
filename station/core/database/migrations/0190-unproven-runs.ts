import type { Migration } from '#node-kit/sqlite/index.ts';

/** Units that passed unproven are counted without reading the other runs of their batch. */
export const migration0190: Migration = {
  version: 190,
  sql: `CREATE INDEX run_unproven ON run (batch_id) WHERE proof ->> 'unproven' = 1;`,
};
