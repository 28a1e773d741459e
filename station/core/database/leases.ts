import type { Db } from './database.ts';

export interface LeaseRow {
  readonly requestId: string;
  readonly productId: string;
  readonly count: number;
  readonly leaseId: string | null;
}

/** A return of triples that the registry has not confirmed. */
export interface LeaseReturnRow {
  readonly returnId: string;
  /** The registry's name for the lease. */
  readonly leaseId: string;
  readonly productId: string;
}

const COLUMNS = 'request_id AS requestId, product_id AS productId, count, lease_id AS leaseId';

/** Leases: blocks of triples that were requested from the registry, and their returns. */
export function createLeaseRepository(db: Db) {
  const ask = db.prepare('INSERT INTO lease (request_id, product_id, count, asked_at) VALUES (?, ?, ?, ?)');
  const hold = db.prepare('UPDATE lease SET lease_id = ?, held_at = ? WHERE request_id = ?');
  const drop = db.prepare('DELETE FROM lease WHERE request_id = ? AND lease_id IS NULL');
  const unanswered = db.prepare<[], LeaseRow>(
    `SELECT ${COLUMNS} FROM lease WHERE lease_id IS NULL ORDER BY asked_at`,
  );
  const held = db.prepare<[], LeaseRow>(
    `SELECT ${COLUMNS} FROM lease WHERE lease_id IS NOT NULL ORDER BY held_at`,
  );
  const askReturn = db.prepare('INSERT INTO lease_return (return_id, lease, asked_at) VALUES (?, ?, ?)');
  const endReturn = db.prepare('UPDATE lease_return SET done_at = ? WHERE return_id = ? AND done_at IS NULL');
  const openReturns = db.prepare<[], LeaseReturnRow>(
    `SELECT return_id AS returnId, lease_id AS leaseId, product_id AS productId
     FROM lease_return JOIN lease ON request_id = lease WHERE done_at IS NULL ORDER BY lease_return.asked_at, return_id`,
  );
  const inHand = db
    .prepare<[], number>(
      `SELECT (SELECT count(*) FROM triple WHERE lease IS NOT NULL
           AND state IN ('available','claimed','burning','in-doubt','burned'))
         + (SELECT count(*) FROM lease WHERE lease_id IS NULL)
         + (SELECT count(*) FROM lease_return WHERE done_at IS NULL)`,
    )
    .pluck();
  return {
    addRequest: (requestId: string, productId: string, count: number, at: number): void =>
      void ask.run(requestId, productId, count, at),
    setHeld: (requestId: string, leaseId: string, at: number): void => void hold.run(leaseId, at, requestId),
    /** Removes a request that the registry has refused. */
    removeRequest: (requestId: string): void => void drop.run(requestId),
    /** Requests without a response: they are repeated with the same id. */
    listUnanswered: () => unanswered.all(),
    listHeld: () => held.all(),
    /** What the registry has leased to this station by its name and has no result of. */
    countOutstanding: (): number => inHand.get() ?? 0,
    addReturn: (returnId: string, requestId: string, at: number): void =>
      void askReturn.run(returnId, requestId, at),
    /** The registry has confirmed every triple of the return. */
    completeReturn: (returnId: string, at: number): void => void endReturn.run(at, returnId),
    /** Returns that the registry has not confirmed. */
    listOpenReturns: () => openReturns.all(),
  };
}
