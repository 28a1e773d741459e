import type { ReadableDatabase, UnsentRow } from '../core/database/index.ts';

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

/** Rows of one query. */
const PAGE = 1000;

/** All messages that the registry has not acknowledged, oldest first, in short queries. */
export function* unsentMessagePages(
  database: ReadableDatabase,
): Generator<ExportedMessage[], void, undefined> {
  for (let after = 0; ;) {
    const rows = database.outbox.listUnsent(after, PAGE);
    if (rows.length > 0) yield rows.map(toExported);
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.seq ?? after;
  }
}

/** As `unsentMessagePages`, one by one. */
export function* unsentMessages(database: ReadableDatabase): Generator<ExportedMessage, void, undefined> {
  for (const page of unsentMessagePages(database)) yield* page;
}

function toExported({ orderKey, payload, ...row }: UnsentRow): ExportedMessage {
  const { key, kind, state, createdAtMs, attempts, reason, setAside } = row;
  return {
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
