import {
  OUTBOX_PAGE,
  type OutboxList,
  type OutboxMessage,
  type SectionHandlers,
} from '#shared/contract/index.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import { approverCredentialsOf } from '../core/approval/index.ts';
import type { ListedRow, WritableDatabase } from '../core/database/index.ts';
import type { Sync } from './sync.ts';

export function syncHandlers({
  database,
  sync,
}: {
  readonly database: WritableDatabase;
  readonly sync: Sync;
}): SectionHandlers<'sync'> {
  return {
    'sync.messages': ({ list, after }) => {
      const rows = database.outbox.listPage(list, after ?? 0, OUTBOX_PAGE + 1);
      const shown = rows.slice(0, OUTBOX_PAGE);
      return {
        messages: shown.map((row) => toMessage(database, row)),
        next: rows.length > shown.length ? (shown.at(-1)?.seq ?? null) : null,
      };
    },
    'sync.fates': ({ keys }) => ({
      fates: database.outbox
        .listByKeys(keys)
        .map((row) => ({ key: row.key, list: listOf(row), refusedAtMs: refusedAtMsOf(row) })),
    }),
    'sync.drain': (_, { signal }) => sync.drain(signal),
    'sync.retry': ({ key }, { by }) => sync.retry(key, by),
    'sync.retrySetAside': ({ key }, { by }) => sync.retrySetAside(key, by),
    'sync.retryAll': (_, { by }) => sync.retryAll(by),
    'sync.setAside': ({ key, ...justification }, { by, session, signal }) =>
      sync.setAside(key, approverCredentialsOf(justification, session), by, signal),
    'sync.countSent': ({ sinceMs }) => ({ messages: database.outbox.countSentSince(sinceMs) }),
    'sync.resend': ({ sinceMs, ...justification }, { by, session, signal }) =>
      sync.resend(sinceMs, approverCredentialsOf(justification, session), by, signal),
    'sync.export': (_, { signal }) => sync.exports.write(signal),
  };
}

/** The list of a message; null for one that was delivered. */
function listOf({ state, setAside }: ListedRow): OutboxList | null {
  if (state === 'sent') return null;
  return state === 'pending' ? 'pending' : setAside === null ? 'parked' : 'set-aside';
}

/** The time of a delivery is none of a refusal. */
function refusedAtMsOf({ state, settledAtMs }: ListedRow): number | null {
  return state === 'parked' ? settledAtMs : null;
}

function toMessage(database: WritableDatabase, row: ListedRow): OutboxMessage {
  const { key, kind, orderKey, createdAtMs, reason, setAside } = row;
  const unit = database.units.findByChip(orderKey);
  const unitId = unit === null ? null : unitIdOf(unit);
  return { key, kind, orderKey, unitId, createdAtMs, reason, refusedAtMs: refusedAtMsOf(row), setAside };
}
