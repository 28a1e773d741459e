import type { Migration } from '#node-kit/sqlite/index.ts';

/** The list of quarantined triples is read without reading the pool. */
export const migration0155: Migration = {
  version: 155,
  sql: `CREATE INDEX triple_quarantined ON triple (triple_id) WHERE state = 'quarantined';`,
};
