import { OUTBOX_LISTED, type OutboxMessage } from '#shared/contract/index.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import { quoteArgument } from '#shared/host/index.ts';
import { auditIdentity } from '../identity/index.ts';
import type { OutboxRow, Store } from '../core/database/index.ts';
import { claimOf } from './people/approver-claim.ts';
import type { ApiParts, Section } from '../handler-parts.ts';

export function stationHandlers({
  platform,
  config,
  store,
  settings,
  slots,
  sync,
}: ApiParts): Section<'station' | 'identity' | 'sync'> {
  return {
    'station.info': (_, { session }) => ({
      station: settings.station(),
      appVersion: config.appVersion,
      dataDir: platform.paths.dataDir,
      registryUrl: settings.registry()?.url ?? null,
      slots: slots.state.slots.length,
      terminal: {
        program: config.program ?? 'gongwei',
        data: `--data ${quoteArgument(platform.paths.dataDir, process.platform)}`,
      },
      session: { role: session.role, user: session.user },
    }),
    'identity.audit': () => auditIdentity(store),
    'sync.messages': () => ({
      pending: store.outbox.pending(OUTBOX_LISTED).map((row) => toMessage(store, row, null)),
      parked: store.outbox
        .parked()
        .slice(0, OUTBOX_LISTED)
        .map((row) => toMessage(store, row, row.reason)),
    }),
    'sync.drain': (_, { signal }) => sync.drain(signal),
    'sync.retry': ({ key }) => sync.retry(key),
    'sync.resend': ({ sinceMs, ...why }, { session, seat, signal }) =>
      sync.resend(sinceMs, claimOf(why, seat), session, signal),
  };
}

function toMessage(store: Store, row: OutboxRow, reason: string | null): OutboxMessage {
  const { key, kind, lane, createdAt } = row;
  const unit = store.units.byChip(lane);
  const unitId = unit === null ? null : unitIdOf(unit);
  return { key, kind, lane, unitId, createdAtMs: createdAt, reason };
}
