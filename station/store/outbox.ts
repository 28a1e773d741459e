import type { Db } from './database.ts';

export interface OutboxRow {
  readonly seq: number;
  readonly key: string;
  readonly lane: string;
  readonly kind: string;
  readonly payload: string;
  readonly createdAt: number;
}

export interface ParkedRow extends OutboxRow {
  readonly reason: string;
}

export interface OutboxCounts {
  readonly pending: number;
  readonly parked: number;
  readonly sent: number;
  readonly oldestPendingAt: number | null;
}

const COLUMNS = 'seq, key, lane, kind, payload, created_at AS createdAt';

/** Messages for the registry, in the order they were written. */
export function createOutboxTable(db: Db) {
  const add = db.prepare('INSERT INTO outbox (key, lane, kind, payload, created_at) VALUES (?, ?, ?, ?, ?)');
  const pending = db.prepare<[number], OutboxRow>(
    `SELECT ${COLUMNS} FROM outbox WHERE state = 'pending' ORDER BY seq LIMIT ?`,
  );
  const parked = db.prepare<[], ParkedRow>(
    `SELECT ${COLUMNS}, reason FROM outbox WHERE state = 'parked' ORDER BY seq`,
  );
  const attempted = db.prepare('UPDATE outbox SET attempts = attempts + 1 WHERE seq = ?');
  const sent = db.prepare(
    `UPDATE outbox SET state = 'sent', reason = NULL, settled_at = ? WHERE seq = ? AND state = 'pending'`,
  );
  const park = db.prepare(
    `UPDATE outbox SET state = 'parked', reason = ?, settled_at = ? WHERE seq = ? AND state = 'pending'`,
  );
  const retry = db.prepare(
    `UPDATE outbox SET state = 'pending', reason = NULL, settled_at = NULL WHERE key = ? AND state = 'parked'`,
  );
  const counts = db.prepare<[], OutboxCounts>(`SELECT
    (SELECT count(*) FROM outbox WHERE state = 'pending') AS pending,
    (SELECT count(*) FROM outbox WHERE state = 'parked') AS parked,
    (SELECT count(*) FROM outbox) - (SELECT count(*) FROM outbox WHERE state = 'pending')
      - (SELECT count(*) FROM outbox WHERE state = 'parked') AS sent,
    (SELECT min(created_at) FROM outbox WHERE state = 'pending') AS oldestPendingAt`);
  return {
    /** Call it inside the transaction of what the message tells. `key` is stable: the registry applies it once. */
    add: (message: Omit<OutboxRow, 'seq'>): void =>
      void add.run(message.key, message.lane, message.kind, message.payload, message.createdAt),
    pending: (limit: number) => pending.all(limit),
    parked: () => parked.all(),
    attempted: (seq: number): void => void attempted.run(seq),
    sent: (seq: number, at: number): void => void sent.run(at, seq),
    park: (seq: number, reason: string, at: number): void => void park.run(reason, at, seq),
    /** False when nothing is parked under that key. */
    retry: (key: string): boolean => retry.run(key).changes === 1,
    counts: (): OutboxCounts => counts.get() ?? { pending: 0, parked: 0, sent: 0, oldestPendingAt: null },
  };
}
