import { insertRows } from './insert-rows.ts';
import type { Db } from './open-database.ts';

export interface EventRecord {
  readonly key: string;
  readonly station: string;
  readonly kind: string;
  readonly orderKey: string;
  readonly atMs: number;
  readonly receivedMs: number;
  readonly contentSha256: Uint8Array;
}

/** Applied events by key, with the hash of their content. */
export interface EventTable {
  /** SHA-256 of the event's content; null for a new key. */
  contentOf(key: string): Uint8Array | null;
  insert(events: readonly EventRecord[]): void;
}

export function eventTable(db: Db): EventTable {
  const content = db.prepare<[string], Uint8Array>('SELECT content_sha256 FROM events WHERE key = ?').pluck();
  const insert = insertRows(
    db,
    'INSERT INTO events (key, station, kind, lane, at_ms, received_ms, content_sha256)',
    7,
  );
  return {
    contentOf: (key) => content.get(key) ?? null,
    insert: (events) =>
      insert(
        events.map((e) => [e.key, e.station, e.kind, e.orderKey, e.atMs, e.receivedMs, e.contentSha256]),
      ),
  };
}
