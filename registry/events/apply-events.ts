import type { EventResult, RegistryEvent } from '#shared/registry-api/index.ts';
import { type Caller, may } from '../stations/index.ts';
import { type EventRecord, isConstraintError, type Store } from '../store/index.ts';
import { type ContentHash, createContentHash } from './content-hash.ts';
import { applyChanges, applyChange, deviceOf, type Expelled } from './apply-change.ts';
import { checkEvent } from './check-event.ts';
import type { EventContext } from './event-context.ts';
import { keyOf, readEvent } from './read-event.ts';
import { Rejection } from './rejection.ts';

export interface AppliedEvents {
  /** One per event, in the order given. */
  readonly results: readonly EventResult[];
  readonly disconnected: readonly Expelled[];
}

/**
 * Takes a station's events in one durable transaction, context each on its own: what is rejected changes nothing
 * and stops nobody. The write lock is held from the first look at a key to the commit, so that the same event sent
 * by several requests at once is applied by one of them.
 *
 * First as if all were new and good, which most are: what a constraint of the database forbids is not looked for. When
 * anything is not so, all is undone, and each event is change by everything that is known.
 * Throws only when the database itself fails; then nothing of the request was applied and it may be sent again.
 */
export function applyEvents(
  { store, vault }: Pick<EventContext, 'store' | 'vault'>,
  { station, rights }: Pick<Caller, 'station' | 'rights'>,
  events: readonly unknown[],
  nowMs: number,
): AppliedEvents {
  const hasDeskRight = may({ rights }, 'desk');
  const request = { store, vault, station, hasDeskRight, nowMs, contentHash: createContentHash() };
  try {
    return store.write(() => applyBatch(request, events));
  } catch (error) {
    if (!(error instanceof Rejection) && !(error instanceof BatchConflict) && !isConstraintError(error))
      throw error;
    return store.write(() => applyOneByOne(request, events));
  }
}

interface Request {
  readonly store: Store;
  readonly vault: EventContext['vault'];
  readonly station: string;
  readonly hasDeskRight: boolean;
  readonly nowMs: number;
  readonly contentHash: ContentHash;
}

/** Two events of one block are about one device: what the second may do depends on the first. */
class BatchConflict extends Error {}

/** All at once. Throws when anything at all is not as it is with new and good events. */
function applyBatch(request: Request, raws: readonly unknown[]): AppliedEvents {
  const { store } = request;
  const events = raws.map(readEvent);
  const change = events.map((event) => checkEvent({ ...request, assumesUnique: true }, event));
  const devices = change.map(deviceOf).filter((device) => device !== null);
  if (new Set(devices).size !== devices.length)
    throw new BatchConflict('events of one block touch one device');
  store.events.insert(events.map((event, index) => recordOf(request, event, raws[index])));
  const disconnected = applyChanges(store, change);
  return { results: events.map(({ key }) => ({ key, status: 'applied' })), disconnected };
}

/** One after the other, each in a savepoint of its own. */
function applyOneByOne(request: Request, raws: readonly unknown[]): AppliedEvents {
  const { store, contentHash } = request;
  const disconnected: Expelled[] = [];
  function takeOne(raw: unknown): EventResult {
    const event = readEvent(raw);
    const { key, kind } = event;
    const applied = store.events.contentOf(key);
    if (applied !== null) {
      if (Buffer.compare(applied, contentHash(kind, contentIn(raw))) === 0)
        return { key, status: 'repeated' };
      throw new Rejection('key-reused', `key ${key} was used before for an event that says something else`);
    }
    const change = checkEvent({ ...request, assumesUnique: false }, event);
    store.events.insert([recordOf(request, event, raw)]);
    const client = applyChange(store, change);
    if (client !== null) disconnected.push(client);
    return { key, status: 'applied' };
  }
  const results = raws.map((raw): EventResult => {
    try {
      return store.write(() => takeOne(raw));
    } catch (error) {
      return { key: keyOf(raw), status: 'rejected', ...whyRejected(error) };
    }
  });
  return { results, disconnected };
}

function recordOf(
  { station, nowMs, contentHash }: Request,
  { key, kind, lane, atMs }: RegistryEvent,
  raw: unknown,
): EventRecord {
  return {
    key,
    station,
    kind,
    lane,
    atMs,
    receivedMs: nowMs,
    contentSha256: contentHash(kind, contentIn(raw)),
  };
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
