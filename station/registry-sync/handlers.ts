import { OUTBOX_LISTED, type OutboxMessage, type SectionHandlers } from '#shared/contract/index.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import { claimOf } from '../administration/people/index.ts';
import type { OutboxRow, Store } from '../core/database/index.ts';
import type { Sync } from './sync.ts';

export function syncHandlers({
  store,
  sync,
}: {
  readonly store: Store;
  readonly sync: Sync;
}): SectionHandlers<'sync'> {
  return {
    'sync.messages': () => ({
      pending: store.outbox.pending(OUTBOX_LISTED).map((row) => toMessage(store, row, null)),
      parked: store.outbox
        .parked()
        .slice(0, OUTBOX_LISTED)
        .map((row) => toMessage(store, row, row.reason)),
    }),
    'sync.drain': (_, { signal }) => sync.drain(signal),
    'sync.retry': ({ key }) => sync.retry(key),
    'sync.resend': ({ sinceMs, ...justification }, { session, seat, signal }) =>
      sync.resend(sinceMs, claimOf(justification, seat), session, signal),
  };
}

function toMessage(store: Store, row: OutboxRow, reason: string | null): OutboxMessage {
  const { key, kind, orderKey, createdAt } = row;
  const unit = store.units.byChip(orderKey);
  const unitId = unit === null ? null : unitIdOf(unit);
  return { key, kind, orderKey, unitId, createdAtMs: createdAt, reason };
}
