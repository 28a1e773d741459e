import type { StationContract } from '#shared/contract/index.ts';
import type { CallOutput } from '#shared/rpc/index.ts';
import { shallowReactive, watch } from 'vue';
import { useCall } from '#services/client/index.ts';
import type { Translator } from '#services/i18n/index.ts';
import { usePresence } from '#services/presence/index.ts';
import { useToasts } from '#services/toasts/index.ts';
import { useSync } from '#stores/index.ts';

type Fates = CallOutput<StationContract, 'sync.fates'>['fates'];
/** A message as it was refused before. */
interface Refused {
  readonly key: string;
  readonly refusedAtMs: number | null;
}

export interface Resent {
  /** Runs the call that sends these messages again; `undefined` is a failure. Resolves with whether it succeeded. */
  send(messages: readonly Refused[], call: () => Promise<unknown>): Promise<boolean>;
  /** Whether the message was sent again and it is not known yet what became of it. */
  isAwaited(key: string): boolean;
}

/** The most messages whose fate is asked at once. */
const ASKED = 200;

/**
 * Says by a toast what became of messages that were sent again: a message that is refused again looks in the list as if
 * nothing had been done. Calls `onSettled` when that of some is known.
 */
export function useResent(onSettled: () => void): Resent {
  const toasts = useToasts();
  const sync = useSync();
  const presence = usePresence();
  /** The earlier refusals of the messages whose fate is not known yet. */
  const awaited = shallowReactive(new Map<string, number | null>());
  const fates = useCall(({ call }, keys: string[]) => call('sync.fates', { keys }), {
    repeatAfterLoss: true,
  });
  watch(
    () => sync.state,
    () => awaited.size > 0 && presence.whenPresent(() => void ask()),
  );

  async function ask(): Promise<void> {
    const keys = [...awaited.keys()].slice(0, ASKED);
    const answer = await fates.run(keys);
    if (answer !== undefined) settle(keys, answer.fates);
  }

  function settle(keys: readonly string[], now: Fates): void {
    const byKey = new Map(now.map((fate) => [fate.key, fate]));
    let delivered = 0;
    let refused = 0;
    for (const key of keys) {
      const fate = byKey.get(key);
      const list = fate?.list ?? null;
      if (list === 'pending') continue;
      if (list === null) delivered += 1;
      else if (fate?.refusedAtMs === awaited.get(key)) continue;
      else refused += 1;
      awaited.delete(key);
    }
    if (delivered + refused === 0) return;
    const text = ({ t }: Translator): string =>
      [
        delivered > 0 ? t('sync.delivered', { count: delivered }) : '',
        refused > 0 ? t('sync.refusedAgain', { count: refused }) : '',
      ]
        .join(' ')
        .trim();
    toasts.show({ text, tone: refused > 0 ? 'warn' : 'good' });
    onSettled();
  }

  return {
    async send(sent, call) {
      for (const { key, refusedAtMs } of sent) awaited.set(key, refusedAtMs);
      if ((await call()) !== undefined) {
        void ask();
        return true;
      }
      for (const { key } of sent) awaited.delete(key);
      return false;
    },
    isAwaited: (key) => awaited.has(key),
  };
}
