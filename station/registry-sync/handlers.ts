import { OUTBOX_LISTED, type OutboxMessage, type SectionHandlers } from '#shared/contract/index.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import { approverCredentialsOf } from '../core/approval/index.ts';
import type { OutboxRow, ParkedRow, WritableDatabase } from '../core/database/index.ts';
import type { Sync } from './sync.ts';

export function syncHandlers({
  database,
  sync,
}: {
  readonly database: WritableDatabase;
  readonly sync: Sync;
}): SectionHandlers<'sync'> {
  return {
    'sync.messages': () => {
      const refused = database.outbox.listParked();
      const listed = (rows: readonly ParkedRow[]): OutboxMessage[] =>
        rows.slice(0, OUTBOX_LISTED).map((row) => toMessage(database, row, row));
      return {
        pending: database.outbox.listPending(OUTBOX_LISTED).map((row) => toMessage(database, row, null)),
        parked: listed(refused.filter(({ setAside }) => setAside === null)),
        setAside: listed(refused.filter(({ setAside }) => setAside !== null)),
      };
    },
    'sync.drain': (_, { signal }) => sync.drain(signal),
    'sync.retry': ({ key }) => sync.retry(key),
    'sync.retrySetAside': ({ key }, { by }) => sync.retrySetAside(key, by),
    'sync.retryAll': () => sync.retryAll(),
    'sync.resend': ({ sinceMs, ...justification }, { by, session, signal }) =>
      sync.resend(sinceMs, approverCredentialsOf(justification, session), by, signal),
  };
}

function toMessage(database: WritableDatabase, row: OutboxRow, parked: ParkedRow | null): OutboxMessage {
  const { key, kind, orderKey, createdAtMs } = row;
  const unit = database.units.findByChip(orderKey);
  const unitId = unit === null ? null : unitIdOf(unit);
  return {
    key,
    kind,
    orderKey,
    unitId,
    createdAtMs,
    reason: parked?.reason ?? null,
    refusedAtMs: parked?.parkedAtMs ?? null,
    setAside: parked?.setAside ?? null,
  };
}
