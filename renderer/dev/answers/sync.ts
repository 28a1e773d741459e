import { OUTBOX_PAGE, type OutboxList, type OutboxMessage } from '#shared/contract/index.ts';
import { outboxMessages, unresolvedIdentities } from '../fixtures/outbox.ts';
import { poolCounts } from '../fixtures/station.ts';
import type { Answers, MockStation } from '../mock-station.ts';
import { requireApproval } from './session.ts';

const COUNT_OF = { pending: 'pending', parked: 'parked', 'set-aside': 'setAside' } as const;

/** As many messages as the topic counts; one that is retried or set aside leaves its list. */
export function syncAnswers(nowMs: number): Answers {
  const listed = (station: MockStation, list: OutboxList): OutboxMessage[] => {
    const keysOf = (name: 'sync.retry' | 'sync.retrySetAside' | 'sync.setAside'): string[] =>
      station.inputsOf(name).map((input) => (input as { key: string }).key);
    const gone = [...keysOf('sync.retry'), ...keysOf('sync.retrySetAside'), ...keysOf('sync.setAside')];
    if (list === 'parked' && station.inputsOf('sync.retryAll').length > 0) return [];
    const count = station.state('sync')[COUNT_OF[list]];
    return outboxMessages(list, count, nowMs).filter(({ key }) => !gone.includes(key));
  };
  return {
    'sync.messages': ({ list, after }, { station }) => {
      const all = listed(station, list);
      const end = (after ?? 0) + OUTBOX_PAGE;
      return { messages: all.slice(after ?? 0, end), next: end < all.length ? end : null };
    },
    // Every message that is sent again is delivered.
    'sync.fates': { fates: [] },
    'sync.drain': (_, { station }) => station.state('sync'),
    'sync.retry': (_, { station }) => station.state('sync'),
    'sync.retrySetAside': (_, { station }) => station.state('sync'),
    'sync.retryAll': (_, { station }) => station.state('sync'),
    'sync.setAside': ({ approver, approverPin }, { station, by }) => {
      requireApproval(approver, approverPin, by.user);
      return station.state('sync');
    },
    'sync.countSent': { messages: 1240 },
    'sync.resend': ({ approver, approverPin }, { station, by }) => {
      requireApproval(approver, approverPin, by.user);
      return station.state('sync');
    },
    'sync.export': { fileId: 'e1', name: 'outbox.jsonl', messages: 5, bytes: 2048 },
    'identity.unresolved': ({ state }) => ({ identities: unresolvedIdentities(state, nowMs), next: null }),
    'identity.audit': {
      ...poolCounts({ claimed: 1, registered: 428, inDoubt: 1, retired: 6 }),
      violations: [],
    },
  };
}
