import type { ReadableDatabase } from '../core/database/index.ts';

/** A message as it is taken along: all of it is in the station's records anyway, and none of it is a secret. */
export interface ExportedMessage {
  readonly key: string;
  readonly lane: string;
  readonly kind: string;
  readonly state: 'pending' | 'parked';
  readonly createdAtMs: number;
  readonly attempts: number;
  /** Why it is parked, and why it was set aside. */
  readonly reason: string | null;
  readonly setAside: string | null;
  /** As the registry gets it; text when it is not JSON. */
  readonly payload: unknown;
}

/** Everything the registry has not acknowledged, oldest first, one at a time. Ask nothing else of the database meanwhile. */
export function* unsentMessages(database: ReadableDatabase): Generator<ExportedMessage, void, undefined> {
  for (const {
    key,
    orderKey,
    kind,
    state,
    createdAt,
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
      createdAtMs: createdAt,
      attempts,
      reason,
      setAside,
      payload: readable(payload),
    };
}

function readable(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
