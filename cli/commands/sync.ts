import type { Command } from 'commander';
import type { SyncState } from '#shared/contract/index.ts';
import type { Store } from '#station';
import { type CommonOptions, command, group, interruptSignal } from '../command.ts';
import { createOutput, type Output, table } from '../output.ts';
import { withStation, withStore } from '../with-station.ts';

export function syncCommand(): Command {
  return group('sync', 'the outbox: what the registry does not know yet', [
    command('status', 'how much is pending, parked and sent').action(status),
    command('drain', 'send all that is pending now').action(drain),
    command('retry', 'put a parked message back in the queue').argument('<key>').action(retry),
  ]);
}

async function status(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withStore(options, (store) => {
    const { oldestPendingAt, ...counts } = store.outbox.counts();
    const oldestMs = oldestPendingAt === null ? null : Math.max(0, Date.now() - oldestPendingAt);
    tell(out, { ...counts, oldestMs }, store);
  });
}

async function drain(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, async (station) => {
    tell(out, await station.sync.drain(interruptSignal()), station.store);
  });
}

async function retry(key: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, (station) => {
    tell(out, station.sync.retry(key), station.store);
  });
}

function tell(
  out: Output,
  state: Pick<SyncState, 'pending' | 'parked' | 'sent' | 'oldestMs'>,
  store: Store,
): void {
  const { pending, parked, sent, oldestMs } = state;
  const items = store.outbox.parked();
  out.event('sync.status', { pending, parked, oldestMs, sent });
  if (out.json) {
    for (const { key, kind, reason } of items) out.event('sync.parked', { key, kind, reason });
    return;
  }
  out.say(
    `${pending} pending${oldestMs === null ? '' : ` (oldest ${Math.round(oldestMs / 1000)} s)`}, ${parked} parked, ${sent} sent`,
  );
  if (items.length > 0)
    out.say(
      table(
        ['parked', 'why'],
        items.map((item) => [item.key, item.reason]),
      ),
    );
}
