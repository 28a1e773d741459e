import type { EventResult, RegistryEvent } from '#shared/registry-api/index.ts';
import { type Caller, hasRight } from '../stations/index.ts';
import { type EventRecord, isConstraintError, type Store } from '../store/index.ts';
import { type ContentHash, createContentHash } from './content-hash.ts';
import { applyChange, applyChanges, deviceOf } from './apply-change.ts';
import { checkEvent } from './check-event.ts';
import { type EventContext, Rejection } from './event-context.ts';
import { keyOf, readEvent } from './read-event.ts';

export interface AppliedEvents {
  /** One per event, in the order given. */
  readonly results: readonly EventResult[];
  /** MQTT client ids of devices that the broker must disconnect. */
  readonly clientsToDisconnect: readonly string[];
}

/**
 * Applies a station's events in one durable transaction. Each event is checked separately: a rejected event changes nothing,
 * and the others are applied. The write lock is held from the first read of a key to the commit, so that an event of several
 * concurrent requests is applied once.
 *
 * The first try applies all events of the request together, without the checks that constraints of the database repeat; most
 * requests are new and valid. When it fails, it is rolled back, and the events are applied one by one with all checks.
 * Throws only when the database fails: nothing was applied, and the request may be repeated.
 */
export function applyEvents(
  { store, vault }: Pick<EventContext, 'store' | 'vault'>,
  { station, rights }: Pick<Caller, 'station' | 'rights'>,
  events: readonly unknown[],
  nowMs: number,
): AppliedEvents {
  const mayChangeOtherStations = hasRight({ rights }, 'desk');
  const request = { store, vault, station, mayChangeOtherStations, nowMs, contentHash: createContentHash() };
  try {
    return store.write(() => applyTogether(request, events));
  } catch (error) {
    if (
      !(error instanceof Rejection) &&
      !(error instanceof SharedDeviceConflict) &&
      !isConstraintError(error)
    )
      throw error;
    return store.write(() => applyOneByOne(request, events));
  }
}

interface Request {
  readonly store: Store;
  readonly vault: EventContext['vault'];
  readonly station: string;
  readonly mayChangeOtherStations: boolean;
  readonly nowMs: number;
  readonly contentHash: ContentHash;
}

/** Two events of the request change the same device: the check of the second depends on the first. */
class SharedDeviceConflict extends Error {}

/** Throws when an event is not new and valid. */
function applyTogether(request: Request, raws: readonly unknown[]): AppliedEvents {
  const { store } = request;
  const events = raws.map(readEvent);
  const changes = events.map((event) => checkEvent({ ...request, assumesUnique: true }, event));
  const devices = changes.map(deviceOf).filter((device) => device !== null);
  if (new Set(devices).size !== devices.length)
    throw new SharedDeviceConflict('two events of the request change the same device');
  store.events.insert(events.map((event, index) => recordOf(request, event, raws[index])));
  const clientsToDisconnect = applyChanges(store, changes);
  return { results: events.map(({ key }) => ({ key, status: 'applied' })), clientsToDisconnect };
}

/** Each event in its own savepoint. */
function applyOneByOne(request: Request, raws: readonly unknown[]): AppliedEvents {
  const { store, contentHash } = request;
  const clientsToDisconnect: string[] = [];
  function applyOne(raw: unknown): EventResult {
    const event = readEvent(raw);
    const { key, kind } = event;
    const appliedContent = store.events.contentOf(key);
    if (appliedContent !== null) {
      if (Buffer.compare(appliedContent, contentHash(kind, payloadOf(raw))) === 0)
        return { key, status: 'repeated' };
      throw new Rejection('key-reused', `key ${key} was used before for an event with another content`);
    }
    const change = checkEvent({ ...request, assumesUnique: false }, event);
    store.events.insert([recordOf(request, event, raw)]);
    const client = applyChange(store, change);
    if (client !== null) clientsToDisconnect.push(client);
    return { key, status: 'applied' };
  }
  const results = raws.map((raw): EventResult => {
    try {
      return store.write(() => applyOne(raw));
    } catch (error) {
      return { key: keyOf(raw), status: 'rejected', ...rejectionOf(error) };
    }
  });
  return { results, clientsToDisconnect };
}

function recordOf(
  { station, nowMs, contentHash }: Request,
  { key, kind, lane: orderKey, atMs }: RegistryEvent,
  raw: unknown,
): EventRecord {
  return {
    key,
    station,
    kind,
    orderKey,
    atMs,
    receivedMs: nowMs,
    contentSha256: contentHash(kind, payloadOf(raw)),
  };
}

/** The payload as it was sent, with members that this registry does not know. */
function payloadOf(raw: unknown): unknown {
  return (raw as { payload?: unknown }).payload;
}

function rejectionOf(error: unknown): Pick<EventResult, 'code' | 'reason'> {
  if (error instanceof Rejection) return { code: error.code, reason: error.message };
  if (isConstraintError(error)) {
    return {
      code: 'unstorable',
      reason: 'this event contradicts what the registry has stored',
    };
  }
  throw error;
}
