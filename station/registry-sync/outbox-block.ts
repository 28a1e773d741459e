import { Fault } from '#shared/domain/fault.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import { MAX_EVENTS_PER_CALL } from '#shared/registry-api/index.ts';
import { counted } from '#shared/words/index.ts';
import type { Clock } from '../core/platform/index.ts';
import type { EventResult, RegistryEvent } from './client/index.ts';
import type { Acknowledged, OutboxRow, WritableDatabase } from '../core/database/index.ts';

/** A registry accepts requests of 16 MiB; a character has at most three bytes in UTF-8. */
const MAX_BLOCK_CHARACTERS = 4 * 1024 * 1024;
/** Longest key and order key that the registry accepts. */
const MAX_KEY_CHARACTERS = 200;

/**
 * Messages of one request, in order. No two have the same order key, so that a message cannot be applied after an earlier
 * one of its unit was refused.
 */
export interface OutboxBlock {
  readonly rows: readonly OutboxRow[];
  readonly events: readonly RegistryEvent[];
}

/**
 * The next messages that may be sent, without those in `inFlight`; null when there are none. A message that no request can
 * carry is parked here, because it would make the registry refuse the whole request.
 */
export function nextBlock(
  database: WritableDatabase,
  clock: Clock,
  inFlight: ReadonlySet<number>,
): OutboxBlock | null {
  const rows: OutboxRow[] = [];
  const events: RegistryEvent[] = [];
  const unsendable: { readonly seq: number; readonly reason: string }[] = [];
  let characters = 0;
  // Messages in flight are at the head of the queue. Earlier ones that become free meanwhile are sent after them.
  const after = inFlight.size === 0 ? 0 : Math.max(...inFlight);
  database.outbox.forEachReady(after, (row) => {
    if (rows.length > 0 && characters + row.payload.length > MAX_BLOCK_CHARACTERS) return 'enough';
    const event = toEvent(row);
    if (typeof event === 'string') {
      unsendable.push({ seq: row.seq, reason: event });
      return 'more';
    }
    rows.push(row);
    events.push(event);
    characters += row.payload.length;
    return rows.length < MAX_EVENTS_PER_CALL ? 'more' : 'enough';
  });
  if (unsendable.length > 0) {
    database.transaction(() => {
      for (const { seq, reason } of unsendable) database.outbox.park(seq, reason, clock.nowMs());
    });
  }
  return rows.length === 0 ? null : { rows, events };
}

/** The message as the registry reads it, or the reason why it cannot be sent. Its payload was checked when it was written. */
function toEvent({ key, orderKey, kind, createdAtMs, payload }: OutboxRow): RegistryEvent | string {
  if (key === '' || key.length > MAX_KEY_CHARACTERS)
    return `bad-input: the key has ${counted(key.length, 'character')}`;
  if (orderKey === '' || orderKey.length > MAX_KEY_CHARACTERS)
    return `bad-input: the order key has ${counted(orderKey.length, 'character')}`;
  if (payload.length > MAX_BLOCK_CHARACTERS)
    return `too-large: the message has ${payload.length} characters, a registry accepts ${MAX_BLOCK_CHARACTERS}`;
  try {
    return {
      key,
      lane: orderKey,
      kind,
      atMs: createdAtMs,
      payload: JSON.parse(payload) as unknown,
    } as RegistryEvent;
  } catch {
    return 'bad-input: the message is not JSON';
  }
}

/** Counts an attempt without a reply; the messages stay pending. */
export function recordAttempt(database: WritableDatabase, { rows }: OutboxBlock): void {
  database.transaction(() => database.outbox.countAttempt(rows.map(({ seq }) => seq)));
}

/**
 * Stores the registry's results in one transaction: acknowledged messages are sent, rejected ones are parked with the
 * reason. Returns how many burned triples became registered. Faults: `registry-refused` when a result is missing.
 */
export function recordResults(
  database: WritableDatabase,
  clock: Clock,
  block: OutboxBlock,
  results: readonly EventResult[],
): { readonly registered: number } {
  const byKey = new Map(results.map((result) => [result.key, result]));
  return database.transaction(() => {
    const nowMs = clock.nowMs();
    const sent: number[] = [];
    const acknowledged: Acknowledged[] = [];
    block.rows.forEach((row, index) => {
      const result = byKey.get(row.key);
      if (result === undefined)
        throw new Fault('registry-refused', `the registry did not answer for ${row.key}`);
      if (result.status === 'rejected') {
        database.outbox.park(
          row.seq,
          `${result.code ?? 'rejected'}: ${result.reason ?? 'no reason given'}`,
          nowMs,
        );
        return;
      }
      sent.push(row.seq);
      const identity = identityIn(block.events[index]);
      if (identity !== null) acknowledged.push(identity);
    });
    database.outbox.markSent(sent, nowMs);
    return { registered: database.triples.markRegistered(acknowledged, nowMs) };
  });
}

/** The identity that an event reports as burned. */
function identityIn(event: RegistryEvent | undefined): Acknowledged | null {
  if (event === undefined || event.kind === 'identity.retired') return null;
  // The payload comes from the database without being parsed: a missing member is undefined.
  const identity: IdentityName | null | undefined = event.payload.identity;
  if (identity == null) return null;
  const { productId, deviceName } = identity;
  const runId = event.kind === 'run.finished' ? event.payload.runId : event.payload.returnId;
  return { productId, deviceName, runId };
}
