import type { Db } from './database.ts';

export interface LeaseRow {
  readonly requestId: string;
  readonly productId: string;
  readonly count: number;
  readonly leaseId: string | null;
}

const COLUMNS = 'request_id AS requestId, product_id AS productId, count, lease_id AS leaseId';

/** Blocks of triples asked for and held. */
export function createLeaseTable(db: Db) {
  const ask = db.prepare('INSERT INTO lease (request_id, product_id, count, asked_at) VALUES (?, ?, ?, ?)');
  const hold = db.prepare('UPDATE lease SET lease_id = ?, held_at = ? WHERE request_id = ?');
  const drop = db.prepare('DELETE FROM lease WHERE request_id = ? AND lease_id IS NULL');
  const unanswered = db.prepare<[], LeaseRow>(
    `SELECT ${COLUMNS} FROM lease WHERE lease_id IS NULL ORDER BY asked_at`,
  );
  const held = db.prepare<[], LeaseRow>(
    `SELECT ${COLUMNS} FROM lease WHERE lease_id IS NOT NULL ORDER BY held_at`,
  );
  return {
    ask: (requestId: string, productId: string, count: number, at: number): void =>
      void ask.run(requestId, productId, count, at),
    hold: (requestId: string, leaseId: string, at: number): void => void hold.run(leaseId, at, requestId),
    /** The registry has refused it: there is nothing to hold. */
    drop: (requestId: string): void => void drop.run(requestId),
    /** Asked, but the answer never arrived: to be asked again with the same id. */
    unanswered: () => unanswered.all(),
    held: () => held.all(),
  };
}
