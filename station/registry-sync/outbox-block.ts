import { Fault } from '#shared/domain/fault.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import { MAX_EVENTS_PER_CALL } from '#shared/registry-api/index.ts';
import { counted } from '#shared/words/index.ts';
import type { Clock } from '../core/platform/index.ts';
import type { EventResult, RegistryEvent } from './client/index.ts';
import type { Acknowledged, OutboxRow, WritableDatabase } from '../core/database/index.ts';

/** A registry takes requests of 16 MiB; a character has at most three bytes. */
const MAX_BLOCK_CHARACTERS = 4 * 1024 * 1024;
const MAX_WORD = 200;

/** Messages that go together: in order, and no two of one lane, so that none can overtake another that is refused. */
export interface Block {
  readonly rows: readonly OutboxRow[];
  readonly events: readonly RegistryEvent[];
}

/**
 * The next messages that may go, without those in `underWay`; null when there are none. A message that could not be
 * sent at all is parked here: left among the others it would keep all of them from being heard. What the registry can
 * read it judges itself.
 */
export function nextBlock(
  database: WritableDatabase,
  clock: Clock,
  underWay: ReadonlySet<number>,
): Block | null {
  const rows: OutboxRow[] = [];
  const events: RegistryEvent[] = [];
  const unsendable: { readonly seq: number; readonly reason: string }[] = [];
  let characters = 0;
  // What is under way stands at the head of the queue; what comes free before its end is sent when nothing is.
  const after = underWay.size === 0 ? 0 : Math.max(...underWay);
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

/** The message as the registry reads it, or why it cannot be sent. Its content was checked when it was written. */
function toEvent({ key, orderKey, kind, createdAt, payload }: OutboxRow): RegistryEvent | string {
  if (key === '' || key.length > MAX_WORD)
    return `bad-input: the key has ${counted(key.length, 'character')}`;
  if (orderKey === '' || orderKey.length > MAX_WORD)
    return `bad-input: the lane has ${counted(orderKey.length, 'character')}`;
  if (payload.length > MAX_BLOCK_CHARACTERS)
    return `too-large: the message has ${payload.length} characters, a registry takes ${MAX_BLOCK_CHARACTERS}`;
  try {
    return {
      key,
      lane: orderKey,
      kind,
      atMs: createdAt,
      payload: JSON.parse(payload) as unknown,
    } as RegistryEvent;
  } catch {
    return 'bad-input: the message is not JSON';
  }
}

/** Nobody answered: what was sent is sent again. Only that it was tried is kept. */
export function recordAttempt(database: WritableDatabase, { rows }: Block): void {
  database.transaction(() => database.outbox.countAttempt(rows.map(({ seq }) => seq)));
}

/**
 * Writes down what the registry answered, all of it or nothing: acknowledged, or parked with its reason for a person.
 * Returns how many identities the registry knows now that were only burned before.
 */
export function settleBlock(
  database: WritableDatabase,
  clock: Clock,
  block: Block,
  results: readonly EventResult[],
): { readonly registered: number } {
  const byKey = new Map(results.map((result) => [result.key, result]));
  return database.transaction(() => {
    const at = clock.nowMs();
    const sent: number[] = [];
    const known: Acknowledged[] = [];
    block.rows.forEach((row, index) => {
      const result = byKey.get(row.key);
      if (result === undefined)
        throw new Fault('registry-refused', `the registry did not answer for ${row.key}`);
      if (result.status === 'rejected') {
        database.outbox.park(
          row.seq,
          `${result.code ?? 'rejected'}: ${result.reason ?? 'no reason given'}`,
          at,
        );
        return;
      }
      sent.push(row.seq);
      const identity = identityIn(block.events[index]);
      if (identity !== null) known.push(identity);
    });
    database.outbox.markSent(sent, at);
    return { registered: database.triples.markRegistered(known, at) };
  });
}

/** The identity that an event tells of as burned. */
function identityIn(event: RegistryEvent | undefined): Acknowledged | null {
  if (event === undefined || event.kind === 'identity.retired') return null;
  // A row was not parsed by the contract: what it lacks is undefined.
  const identity: IdentityName | null | undefined = event.payload.identity;
  if (identity == null) return null;
  const { productId, deviceName } = identity;
  const runId = event.kind === 'run.finished' ? event.payload.runId : event.payload.returnId;
  return { productId, deviceName, runId };
}
