import type { Db } from './open-database.ts';

/** Which events were applied, by key, and with what content. */
export interface EventTable {
  /** SHA-256 of the applied event's content; null when the key was never applied. */
  contentOf(key: string): Uint8Array | null;
  insert(event: {
    key: string;
    station: string;
    kind: string;
    lane: string;
    atMs: number;
    receivedMs: number;
    contentSha256: Uint8Array;
  }): void;
}

export function eventTable(db: Db): EventTable {
  const content = db.prepare<[string], Uint8Array>('SELECT content_sha256 FROM events WHERE key = ?').pluck();
  const insert = db.prepare<[string, string, string, string, number, number, Uint8Array]>(
    `INSERT INTO events (key, station, kind, lane, at_ms, received_ms, content_sha256) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    contentOf: (key) => content.get(key) ?? null,
    insert: (e) => void insert.run(e.key, e.station, e.kind, e.lane, e.atMs, e.receivedMs, e.contentSha256),
  };
}
