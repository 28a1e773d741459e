import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import type { Db } from './database.ts';

/** A triple that waits for a unit or for a person, with the last event of its history. */
export interface UnresolvedRow {
  readonly tripleId: number;
  readonly productId: string;
  readonly deviceName: string;
  /** Null for a triple without a unit; then the three after it are null, too. */
  readonly chipId: string | null;
  readonly idKind: UnitIdKind | null;
  readonly idText: string | null;
  readonly serialNumber: string | null;
  /** When it came into its state, and why: plain text, never a secret. */
  readonly atMs: number;
  readonly note: string;
}

/** The states of a triple that only a reading of its unit, or a person, can end. */
export type UnresolvedState = 'in-doubt' | 'quarantined';

/** Triples in doubt and in quarantine, in the order in which they were added. */
export function createUnresolvedRepository(db: Db) {
  // The conditions are those of partial indexes, so that the pool is not read.
  const pageOf = (filter: string) =>
    db.prepare<[number, number], UnresolvedRow>(
      `SELECT t.triple_id AS tripleId, product_id AS productId, device_name AS deviceName, chip_id AS chipId,
         id_kind AS idKind, id_text AS idText, serial_number AS serialNumber,
         coalesce(e.at, t.changed_at) AS atMs, coalesce(e.note, '') AS note
       FROM triple t LEFT JOIN unit USING (unit_id) LEFT JOIN identity_event e ON e.event_id =
         (SELECT max(event_id) FROM identity_event WHERE triple_id = t.triple_id)
       WHERE ${filter} AND t.triple_id > ? ORDER BY t.triple_id LIMIT ?`,
    );
  const pages = {
    'in-doubt': pageOf("t.state IN ('burning','in-doubt') AND t.state = 'in-doubt'"),
    quarantined: pageOf("t.state = 'quarantined'"),
  } satisfies Record<UnresolvedState, unknown>;
  return {
    /** The triples in this state after `afterId`. */
    list: (state: UnresolvedState, afterId: number, limit: number) => pages[state].all(afterId, limit),
  };
}
