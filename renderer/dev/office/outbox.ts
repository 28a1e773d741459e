import type { OutboxMessage, StationContract } from '#shared/contract/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import type { Line } from '../line.ts';

const REASONS = [
  'identity-bound-elsewhere: dev_4104 is bound to 7CDFA1B0C399 since 2026-11-18',
  'identity-retired: dev_4071 was retired on 2026-11-19',
  'run-known: run 01JD… was told by another key',
];

/** As many messages as the line's outbox counts. */
export function outboxHandlers(line: () => Line): Partial<Handlers<StationContract>> {
  const retried = new Set<string>();
  const some = (count: number, prefix: string, reason: (index: number) => string | null): OutboxMessage[] =>
    Array.from({ length: count }, (_, index) => ({
      key: `${prefix}:${index + 1}`,
      kind: index % 3 === 1 ? 'unit.returned' : 'run.finished',
      orderKey: `7CDFA1B0C4${(index + 16).toString(16).toUpperCase()}`,
      createdAtMs: Date.now() - (count - index) * 95_000,
      reason: reason(index),
    })).filter(({ key }) => !retried.has(key));
  return {
    'sync.messages': () => ({
      pending: some(line().sync.pending, 'run', () => null),
      parked: some(line().sync.parked, 'parked', (index) => REASONS[index % REASONS.length] ?? null),
    }),
    'sync.drain': () => line().sync,
    'sync.retry': ({ key }) => {
      retried.add(key);
      return line().sync;
    },
    'identity.audit': () => ({
      available: 372,
      claimed: 1,
      burning: 0,
      burned: 3,
      registered: 428,
      inDoubt: 1,
      quarantined: 0,
      retired: 6,
      violations: [],
    }),
  };
}
