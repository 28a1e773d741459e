import { Fault } from '#shared/domain/fault.ts';
import { MAX_EVENTS_PER_CALL, registryEvent } from '#shared/registry-api/index.ts';
import type { Clock } from '../platform/index.ts';
import type { RegistryClient, RegistryEvent } from '../registry/index.ts';
import type { OutboxRow, Store } from '../store/index.ts';

/**
 * Sends one block of pending messages and settles what the registry answered: acknowledged, or parked with its
 * reason for a person to look at. An answer that is lost changes nothing here, so the same keys are sent again.
 */
export async function drainOnce(
  store: Store,
  registry: RegistryClient,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ sent: number; parked: number; registered: number }> {
  const rows = store.outbox.pending(MAX_EVENTS_PER_CALL);
  if (rows.length === 0) return { sent: 0, parked: 0, registered: 0 };
  const events = rows.map(toEvent);
  store.transaction(() => rows.forEach((row) => store.outbox.attempted(row.seq)));
  const results = await registry.sendEvents(events, signal);
  const byKey = new Map(results.map((result) => [result.key, result]));
  return store.transaction(() => {
    const at = clock.nowMs();
    let sent = 0;
    let parked = 0;
    let registered = 0;
    rows.forEach((row, index) => {
      const result = byKey.get(row.key);
      if (result === undefined)
        throw new Fault('registry-refused', `the registry did not answer for ${row.key}`);
      if (result.status === 'rejected') {
        store.outbox.park(row.seq, `${result.code ?? 'rejected'}: ${result.reason ?? 'no reason given'}`, at);
        parked += 1;
        return;
      }
      store.outbox.sent(row.seq, at);
      sent += 1;
      const event = events[index];
      if (event !== undefined && register(store, event, at)) registered += 1;
    });
    return { sent, parked, registered };
  });
}

function toEvent(row: OutboxRow): RegistryEvent {
  return registryEvent.parse({
    key: row.key,
    lane: row.lane,
    kind: row.kind,
    atMs: row.createdAt,
    payload: JSON.parse(row.payload) as unknown,
  });
}

/** The registry knows the identity now. True when that was news. */
function register(store: Store, event: RegistryEvent, at: number): boolean {
  if (event.kind === 'identity.retired' || event.payload.identity === null) return false;
  const { productId, deviceName } = event.payload.identity;
  const triple = store.triples.byName(productId, deviceName);
  if (triple?.state !== 'burned') return false;
  store.triples.move(triple, 'register', {
    at,
    runId: event.kind === 'run.finished' ? event.payload.runId : event.payload.returnId,
    note: 'acknowledged by the registry',
  });
  return true;
}
