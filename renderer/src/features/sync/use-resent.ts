import { OUTBOX_LISTED, type OutboxMessage, type StationContract } from '#shared/contract/index.ts';
import type { CallOutput } from '#shared/rpc/index.ts';
import { shallowReactive, watch } from 'vue';
import type { Translator } from '#services/i18n/index.ts';
import { useToasts } from '#services/toasts/index.ts';

type Messages = CallOutput<StationContract, 'sync.messages'>;

export interface Resent {
  /** Runs the call that sends these messages again; `undefined` is a failure. Resolves with whether it succeeded. */
  send(messages: readonly OutboxMessage[], call: () => Promise<unknown>): Promise<boolean>;
  /** Whether the message was sent again and no list says yet what became of it. */
  isAwaited(key: string): boolean;
}

/**
 * Says by a toast what became of messages that were sent again: a message that is refused again looks in the list as if
 * nothing had been done.
 */
export function useResent(messages: () => Messages | null): Resent {
  const toasts = useToasts();
  /** The earlier refusals of the messages whose fate is not known yet. */
  const awaited = shallowReactive(new Map<string, number | null>());
  watch(messages, (now) => now !== null && settle(now));

  function settle({ pending, parked, setAside }: Messages): void {
    const refused: OutboxMessage[] = [];
    let delivered = 0;
    for (const [key, refusedAtMs] of awaited) {
      if (pending.some((one) => one.key === key)) continue;
      const again = [...parked, ...setAside].find((one) => one.key === key);
      if (again === undefined) {
        // A list has the oldest messages only: beyond its end nothing is known.
        if (pending.length >= OUTBOX_LISTED || parked.length >= OUTBOX_LISTED) continue;
        delivered += 1;
      } else if (again.refusedAtMs === refusedAtMs) continue;
      else refused.push(again);
      awaited.delete(key);
    }
    if (delivered === 0 && refused.length === 0) return;
    const text = ({ t }: Translator): string =>
      [
        delivered > 0 ? t('sync.delivered', { count: delivered }) : '',
        refused.length > 0 ? t('sync.refusedAgain', { count: refused.length }) : '',
      ]
        .join(' ')
        .trim();
    toasts.show({ text, tone: refused.length > 0 ? 'warn' : 'good' });
  }

  return {
    async send(sent, call) {
      for (const { key, refusedAtMs } of sent) awaited.set(key, refusedAtMs);
      if ((await call()) !== undefined) return true;
      for (const { key } of sent) awaited.delete(key);
      return false;
    },
    isAwaited: (key) => awaited.has(key),
  };
}
