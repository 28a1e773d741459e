import type { ReadableDatabase } from '../core/database/index.ts';

/** A message of an export file. It contains no secret. */
export interface ExportedMessage {
  readonly key: string;
  /** The order key; `lane` in the file format since the first version. */
  readonly lane: string;
  readonly kind: string;
  readonly state: 'pending' | 'parked';
  readonly createdAtMs: number;
  readonly attempts: number;
  /** The registry's reason for refusing it, and the person's for setting it aside. */
  readonly reason: string | null;
  readonly setAside: string | null;
  /** As it is sent to the registry; the stored text when that is not JSON. */
  readonly payload: unknown;
}

/**
 * All messages that the registry has not acknowledged, oldest first. They are read from the database one by one: use the
 * database for nothing else until the generator has ended.
 */
export function* unsentMessages(database: ReadableDatabase): Generator<ExportedMessage, void, undefined> {
  for (const {
    key,
    orderKey,
    kind,
    state,
    createdAtMs,
    attempts,
    reason,
    setAside,
    payload,
  } of database.outbox.iterateUnsent())
    yield {
      key,
      lane: orderKey,
      kind,
      state,
      createdAtMs,
      attempts,
      reason,
      setAside,
      payload: parseOrText(payload),
    };
}

function parseOrText(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
