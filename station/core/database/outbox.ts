import type { Db } from './database.ts';

export interface OutboxRow {
  readonly seq: number;
  readonly key: string;
  /** Messages with the same order key are sent in the order in which they were written: a chip id, or another name of the unit. */
  readonly orderKey: string;
  readonly kind: string;
  /** JSON. */
  readonly payload: string;
  readonly createdAtMs: number;
}

export interface ParkedRow extends OutboxRow {
  readonly reason: string;
  /** Null for one that an old version parked. */
  readonly parkedAtMs: number | null;
  /** Why later messages of its order key are sent nevertheless; null when they wait. */
  readonly setAside: string | null;
}

/** A message that the registry has not acknowledged. */
export interface UnsentRow extends OutboxRow {
  readonly state: 'pending' | 'parked';
  readonly attempts: number;
  readonly reason: string | null;
  readonly setAside: string | null;
}

export interface OutboxCounts {
  readonly pending: number;
  /** Without those that a person has set aside. */
  readonly parked: number;
  readonly setAside: number;
  readonly sent: number;
  /** Number of the pending messages that wait behind a parked one of their order key. */
  readonly waiting: number;
  readonly oldestPendingAtMs: number | null;
}

/** A message without its content, for a list. */
export interface ListedRow extends Omit<OutboxRow, 'payload'> {
  readonly state: 'pending' | 'parked' | 'sent';
  readonly reason: string | null;
  readonly settledAtMs: number | null;
  readonly setAside: string | null;
}

const COLUMNS = 'seq, key, lane AS orderKey, kind, payload, created_at AS createdAtMs';
const LISTED =
  'seq, key, lane AS orderKey, kind, created_at AS createdAtMs, state, reason, settled_at AS settledAtMs, set_aside AS setAside';

/** Messages for the registry, in the order they were written. */
export function createOutboxRepository(db: Db) {
  const add = db.prepare('INSERT INTO outbox (key, lane, kind, payload, created_at) VALUES (?, ?, ?, ?, ?)');
  const pending = db.prepare<[number], OutboxRow>(
    `SELECT ${COLUMNS} FROM outbox WHERE state = 'pending' ORDER BY seq LIMIT ?`,
  );
  const ready = db.prepare<[number], OutboxRow>(
    `SELECT ${COLUMNS} FROM outbox o WHERE state = 'pending' AND seq > ? AND NOT EXISTS (
       SELECT 1 FROM outbox before WHERE before.lane = o.lane AND before.state <> 'sent' AND before.seq < o.seq
         AND before.set_aside IS NULL)
     ORDER BY seq`,
  );
  const has = db.prepare<[string], number>('SELECT 1 FROM outbox WHERE key = ?').pluck();
  const parked = db.prepare<[], ParkedRow>(
    `SELECT ${COLUMNS}, reason, settled_at AS parkedAtMs, set_aside AS setAside
     FROM outbox WHERE state = 'parked' ORDER BY seq`,
  );
  const pageOf = (filter: string) =>
    db.prepare<[number, number], ListedRow>(
      `SELECT ${LISTED} FROM outbox WHERE ${filter} AND seq > ? ORDER BY seq LIMIT ?`,
    );
  const pages = {
    pending: pageOf("state = 'pending'"),
    parked: pageOf("state = 'parked' AND set_aside IS NULL"),
    'set-aside': pageOf("state = 'parked' AND set_aside IS NOT NULL"),
  };
  const byKeys = db.prepare<[string], ListedRow>(
    `SELECT ${LISTED} FROM outbox WHERE key IN (SELECT value FROM json_each(?))`,
  );
  const unsentAfter = db.prepare<[{ after: number; limit: number }], UnsentRow>(
    `SELECT ${COLUMNS}, state, attempts, reason, set_aside AS setAside FROM outbox
     WHERE seq IN (SELECT seq FROM (SELECT seq FROM outbox WHERE state = 'pending' AND seq > :after ORDER BY seq LIMIT :limit)
       UNION ALL SELECT seq FROM (SELECT seq FROM outbox WHERE state = 'parked' AND seq > :after ORDER BY seq LIMIT :limit))
     ORDER BY seq LIMIT :limit`,
  );
  const sentSince = db
    .prepare<[number], number>("SELECT count(*) FROM outbox WHERE state = 'sent' AND settled_at >= ?")
    .pluck();
  // One statement for a whole block costs a third of one for each message. The plus sign (in `sent`) keeps SQLite from using
  // the index of the state.
  const attempted = db.prepare<[string]>(
    'UPDATE outbox SET attempts = attempts + 1 WHERE seq IN (SELECT value FROM json_each(?))',
  );
  const sent = db.prepare<[number, string]>(
    `UPDATE outbox SET state = 'sent', reason = NULL, settled_at = ?, attempts = attempts + 1
     WHERE seq IN (SELECT value FROM json_each(?)) AND +state = 'pending'`,
  );
  const park = db.prepare<[string, number, number]>(
    `UPDATE outbox SET state = 'parked', reason = ?, settled_at = ?, attempts = attempts + 1
     WHERE seq = ? AND state = 'pending'`,
  );
  const retry = db.prepare<[string]>(
    `UPDATE outbox SET state = 'pending', reason = NULL, settled_at = NULL
     WHERE key = ? AND state = 'parked' AND set_aside IS NULL`,
  );
  const getSetAside = db
    .prepare<[string], string>('SELECT set_aside FROM outbox WHERE key = ? AND set_aside IS NOT NULL')
    .pluck();
  const retrySetAside = db.prepare<[string]>(
    `UPDATE outbox SET state = 'pending', reason = NULL, settled_at = NULL, set_aside = NULL
     WHERE key = ? AND set_aside IS NOT NULL`,
  );
  const retryAll = db.prepare(
    `UPDATE outbox SET state = 'pending', reason = NULL, settled_at = NULL
     WHERE state = 'parked' AND set_aside IS NULL`,
  );
  const resend = db.prepare<[number]>(
    `UPDATE outbox SET state = 'pending', settled_at = NULL WHERE state = 'sent' AND settled_at >= ?`,
  );
  const setAside = db.prepare<[string, string]>(
    `UPDATE outbox SET set_aside = ? WHERE key = ? AND state = 'parked'`,
  );
  // Nearly all messages are sent: their number is computed from that of all messages.
  const counts = db.prepare<[], Omit<OutboxCounts, 'sent'> & { written: number }>(`SELECT
    (SELECT count(*) FROM outbox WHERE state = 'pending') AS pending,
    (SELECT count(*) FROM outbox WHERE state = 'parked' AND set_aside IS NULL) AS parked,
    (SELECT count(*) FROM outbox WHERE state = 'parked' AND set_aside IS NOT NULL) AS setAside,
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0) AS written,
    (SELECT count(DISTINCT o.seq) FROM outbox p JOIN outbox o ON o.lane = p.lane AND o.state <> 'sent' AND o.seq > p.seq
       WHERE p.state = 'parked' AND p.set_aside IS NULL AND o.state = 'pending') AS waiting,
    (SELECT created_at FROM outbox WHERE state = 'pending' ORDER BY seq LIMIT 1) AS oldestPendingAtMs`);
  return {
    /** Called in the transaction of the reported record. `key` is stable: the registry applies it once. */
    add: (message: Omit<OutboxRow, 'seq'>): void =>
      void add.run(message.key, message.orderKey, message.kind, message.payload, message.createdAtMs),
    has: (key: string): boolean => has.get(key) !== undefined,
    listPending: (limit: number) => pending.all(limit),
    /**
     * The messages after `afterSeq` that may be sent now, oldest first, until `take` returns that it has enough: of each order
     * key the first unsettled message, and none that waits behind a parked one.
     */
    forEachReady(afterSeq: number, take: (row: OutboxRow) => 'more' | 'enough'): void {
      for (const row of ready.iterate(afterSeq)) if (take(row) === 'enough') return;
    },
    listParked: () => parked.all(),
    /** The messages of a list after `afterSeq`, oldest first. */
    listPage: (list: keyof typeof pages, afterSeq: number, limit: number) => pages[list].all(afterSeq, limit),
    /** The messages with these keys that exist, in no order. */
    listByKeys: (keys: readonly string[]) => byKeys.all(JSON.stringify(keys)),
    /** Pending and parked messages after `afterSeq`, oldest first. */
    listUnsent: (afterSeq: number, limit: number) => unsentAfter.all({ after: afterSeq, limit }),
    /** How many messages were acknowledged since then; those that `resend` makes pending again. */
    countSentSince: (since: number): number => sentSince.get(since) ?? 0,
    /** Counts an attempt without a response. */
    countAttempt: (seqs: readonly number[]): void => void attempted.run(JSON.stringify(seqs)),
    markSent: (seqs: readonly number[], at: number): void => void sent.run(at, JSON.stringify(seqs)),
    park: (seq: number, reason: string, at: number): void => void park.run(reason, at, seq),
    /** False when nothing is parked under that key, or it was set aside. */
    retry: (key: string): boolean => retry.run(key).changes === 1,
    /** Why the message was set aside; null when it was not. */
    findSetAside: (key: string): string | null => getSetAside.get(key) ?? null,
    /** Puts back a message that was set aside. False when none is under that key. */
    retrySetAside: (key: string): boolean => retrySetAside.run(key).changes === 1,
    /** Puts all parked messages back but those that a person has set aside; returns how many. */
    retryAll: (): number => retryAll.run().changes,
    /** Makes messages that were acknowledged since then pending again; returns how many. */
    resend: (since: number): number => resend.run(since).changes,
    /** Leaves the message parked and lets later ones of its order key pass. False when nothing is parked under that key. */
    setAside: (key: string, reason: string): boolean => setAside.run(reason, key).changes === 1,
    getCounts(): OutboxCounts {
      const row = counts.get();
      if (row === undefined)
        return { pending: 0, parked: 0, setAside: 0, sent: 0, waiting: 0, oldestPendingAtMs: null };
      const { written, ...unsettled } = row;
      return { ...unsettled, sent: written - row.pending - row.parked - row.setAside };
    },
  };
}
