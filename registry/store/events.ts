import { insertRows } from './insert-rows.ts';
import type { Db } from './open-database.ts';

export interface EventRecord {
  readonly key: string;
  readonly station: string;
  readonly kind: string;
  readonly lane: string;
  readonly atMs: number;
  readonly receivedMs: number;
  readonly contentSha256: Uint8Array;
}

/** Which events were applied, by key, and with what content. */
export interface EventTable {
  /** SHA-256 of the applied event's content; null when the key was never applied. */
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
      insert(events.map((e) => [e.key, e.station, e.kind, e.lane, e.atMs, e.receivedMs, e.contentSha256])),
  };
}
