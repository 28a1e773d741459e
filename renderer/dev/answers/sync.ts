import { outboxMessages } from '../fixtures/outbox.ts';
import { poolCounts } from '../fixtures/station.ts';
import type { Answers } from '../mock-station.ts';

/** As many messages as the topic counts; one that is retried leaves the list. */
export function syncAnswers(nowMs: number): Answers {
  return {
    'sync.messages': (_, { station }) => {
      const { pending, parked, setAside } = station.state('sync');
      const retried = station.inputsOf('sync.retry').map((input) => (input as { key: string }).key);
      const undone = station.inputsOf('sync.retrySetAside').map((input) => (input as { key: string }).key);
      const isRetried = (key: string): boolean =>
        retried.includes(key) || station.inputsOf('sync.retryAll').length > 0;
      return {
        pending: outboxMessages('pending', pending, nowMs),
        parked: outboxMessages('parked', parked, nowMs).filter(({ key }) => !isRetried(key)),
        setAside: outboxMessages('set-aside', setAside, nowMs).filter(({ key }) => !undone.includes(key)),
      };
    },
    'sync.drain': (_, { station }) => station.state('sync'),
    'sync.retry': (_, { station }) => station.state('sync'),
    'sync.retrySetAside': (_, { station }) => station.state('sync'),
    'sync.retryAll': (_, { station }) => station.state('sync'),
    'identity.audit': {
      ...poolCounts({ claimed: 1, registered: 428, inDoubt: 1, retired: 6 }),
      violations: [],
    },
  };
}
