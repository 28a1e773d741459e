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
  const pending = store.outbox.pending(MAX_EVENTS_PER_CALL);
  const unsendable = parkUnsendable(store, clock, pending);
  const rows = pending.filter((row) => !unsendable.has(row.seq));
  if (rows.length === 0) return { sent: 0, parked: unsendable.size, registered: 0 };
  const events = rows.map((row) => registryEvent.parse(rawEvent(row)));
  store.transaction(() => rows.forEach((row) => store.outbox.attempted(row.seq)));
  const results = await registry.sendEvents(events, signal);
  const byKey = new Map(results.map((result) => [result.key, result]));
  return store.transaction(() => {
    const at = clock.nowMs();
    let sent = 0;
    let parked = unsendable.size;
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

/**
 * Messages that no registry would take, by the contract itself: put aside with the reason, so that one of them does
 * not keep all others from being sent.
 */
function parkUnsendable(store: Store, clock: Clock, rows: readonly OutboxRow[]): ReadonlySet<number> {
  const unsendable = new Set<number>();
  for (const row of rows) {
    const parsed = registryEvent.safeParse(rawEvent(row));
    if (parsed.success) continue;
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? 'the message' : issue.path.join('.');
    const reason = `bad-input: ${where}: ${issue?.message ?? 'is not as agreed'}`;
    store.transaction(() => store.outbox.park(row.seq, reason, clock.nowMs()));
    unsendable.add(row.seq);
  }
  return unsendable;
}

function rawEvent(row: OutboxRow): unknown {
  const { key, lane, kind, createdAt, payload } = row;
  return { key, lane, kind, atMs: createdAt, payload: parseJson(payload) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
