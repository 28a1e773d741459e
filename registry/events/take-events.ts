import type { EventResult } from '#shared/registry-api/index.ts';
import { isConstraintError, type Store } from '../store/index.ts';
import { type ContentHash, createContentHash } from './content-hash.ts';
import { type Expelled, judgeEvent } from './judge-event.ts';
import { keyOf, readEvent } from './read-event.ts';
import { Rejection } from './rejection.ts';

export interface TakenEvents {
  /** One per event, in the order given. */
  readonly results: readonly EventResult[];
  readonly expelled: readonly Expelled[];
}

/**
 * Takes a station's events in one durable transaction, judging each on its own: what is rejected changes nothing
 * and stops nobody. The write lock is held from the first look at a key to the commit, so that the same event sent
 * by several requests at once is applied by one of them.
 * Throws only when the database itself fails; then nothing of the request was applied and it may be sent again.
 */
export function takeEvents(
  store: Store,
  station: string,
  events: readonly unknown[],
  nowMs: number,
): TakenEvents {
  const contentHash = createContentHash();
  try {
    return store.write(() => takeAll(false));
  } catch (error) {
    if (!isConstraintError(error)) throw error;
    // Judged well, and yet the data itself refuses one of them. Which one, shows when each can be undone alone.
    return store.write(() => takeAll(true));
  }

  function takeAll(undoable: boolean): TakenEvents {
    const expelled: Expelled[] = [];
    const results = events.map((raw): EventResult => {
      const take = (): EventResult => takeEvent({ store, station, nowMs, contentHash, expelled }, raw);
      try {
        return undoable ? store.write(take) : take();
      } catch (error) {
        // A rejection comes before the first change: there is nothing to undo.
        if (!undoable && !(error instanceof Rejection)) throw error;
        return { key: keyOf(raw), status: 'rejected', ...whyRejected(error) };
      }
    });
    return { results, expelled };
  }
}

interface Request {
  readonly store: Store;
  readonly station: string;
  readonly nowMs: number;
  readonly contentHash: ContentHash;
  readonly expelled: Expelled[];
}

function takeEvent({ store, station, nowMs, contentHash, expelled }: Request, raw: unknown): EventResult {
  const event = readEvent(raw);
  const { key, kind, lane, atMs } = event;
  const contentSha256 = contentHash(kind, (raw as { payload?: unknown }).payload);
  const applied = store.events.contentOf(key);
  if (applied !== null) {
    if (Buffer.compare(applied, contentSha256) === 0) return { key, status: 'repeated' };
    throw new Rejection('key-reused', `key ${key} was used before for an event that says something else`);
  }
  const apply = judgeEvent(store, station, event);
  store.events.insert({ key, station, kind, lane, atMs, receivedMs: nowMs, contentSha256 });
  const client = apply();
  if (client !== null) expelled.push(client);
  return { key, status: 'applied' };
}

function whyRejected(error: unknown): Pick<EventResult, 'code' | 'reason'> {
  if (error instanceof Rejection) return { code: error.code, reason: error.message };
  if (isConstraintError(error)) {
    return {
      code: 'unstorable',
      reason: 'the registry cannot store this event beside what it knows already',
    };
  }
  throw error;
}
