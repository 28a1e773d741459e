import type { EventResult, RegistryEvent } from '#shared/registry-api/index.ts';
import { isConstraintError, type Store } from '../store/index.ts';
import { type ContentHash, createContentHash } from './content-hash.ts';
import { type Apply, type Expelled, judgeEvent } from './judge-event.ts';
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
 *
 * First as if all were new and good, which most are: what a constraint of the database forbids is not looked for. When
 * anything is not so, all is undone, and each event is judged by everything that is known.
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
    return store.write(() => takeAll(takeHopefully));
  } catch (error) {
    if (!(error instanceof Rejection) && !isConstraintError(error)) throw error;
    return store.write(() => takeAll(takeCarefully));
  }

  function takeAll(take: (request: Request, raw: unknown) => EventResult): TakenEvents {
    const expelled: Expelled[] = [];
    const request = { store, station, nowMs, contentHash, expelled };
    return { results: events.map((raw) => take(request, raw)), expelled };
  }
}

interface Request {
  readonly store: Store;
  readonly station: string;
  readonly nowMs: number;
  readonly contentHash: ContentHash;
  readonly expelled: Expelled[];
}

/** Faults with a `Rejection` or a constraint when anything at all is not as it is with new events. */
function takeHopefully(request: Request, raw: unknown): EventResult {
  const event = readEvent(raw);
  return apply(request, event, raw, judgeEvent({ ...request, isUnique: true }, event));
}

function takeCarefully(request: Request, raw: unknown): EventResult {
  const { store } = request;
  try {
    return store.write(() => {
      const event = readEvent(raw);
      const { key, kind } = event;
      const applied = store.events.contentOf(key);
      if (applied === null)
        return apply(request, event, raw, judgeEvent({ ...request, isUnique: false }, event));
      const contentSha256 = request.contentHash(kind, contentIn(raw));
      if (Buffer.compare(applied, contentSha256) === 0) return { key, status: 'repeated' };
      throw new Rejection('key-reused', `key ${key} was used before for an event that says something else`);
    });
  } catch (error) {
    return { key: keyOf(raw), status: 'rejected', ...whyRejected(error) };
  }
}

function apply(
  { store, station, nowMs, contentHash, expelled }: Request,
  { key, kind, lane, atMs }: RegistryEvent,
  raw: unknown,
  change: Apply,
): EventResult {
  const contentSha256 = contentHash(kind, contentIn(raw));
  store.events.insert({ key, station, kind, lane, atMs, receivedMs: nowMs, contentSha256 });
  const client = change();
  if (client !== null) expelled.push(client);
  return { key, status: 'applied' };
}

/** As it was sent, with members that this registry does not know. */
function contentIn(raw: unknown): unknown {
  return (raw as { payload?: unknown }).payload;
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
