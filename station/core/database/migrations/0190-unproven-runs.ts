import type { Migration } from '#node-kit/sqlite/index.ts';

/** Units that passed unproven are counted without reading the other runs of their batch. */
export const migration0190: Migration = {
  version: 190,
  // A function of JSON would refuse a row with other text; only a comparison of text takes any.
  sql: `CREATE INDEX run_unproven ON run (batch_id) WHERE instr(proof, '"unproven":true') > 0;`,
};
