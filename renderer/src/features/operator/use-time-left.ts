import type { PromptView } from '#shared/contract/index.ts';
import { computed, type ComputedRef } from 'vue';
import { formatElapsed, useTranslator } from '#services/i18n/index.ts';
import { useElapsed } from './elapsed.ts';

/** Below this the operator is warned. */
const SOON_MS = 30_000;

export interface TimeLeft {
  /** `4:05`. */
  readonly short: string;
  readonly text: string;
  /** 1 … 0. */
  readonly fraction: number;
  readonly soon: boolean;
}

/** The time in which a question can still be answered; empty for one that waits without a limit. */
export function useTimeLeft(of: () => PromptView): ComputedRef<TimeLeft> {
  const time = useElapsed();
  const i18n = useTranslator();
  return computed(() => {
    const { promptId, askedAtMs, endsAtMs } = of();
    if (endsAtMs === null) return { short: '', text: '', fraction: 1, soon: false };
    const leftMs = Math.max(0, endsAtMs - askedAtMs - time.since(`prompt:${promptId}`, askedAtMs));
    // Rounded up, so that "0:00" is shown only at the end.
    const short = formatElapsed(Math.ceil(leftMs / 1000) * 1000);
    const soon = leftMs < SOON_MS;
    const key = soon ? 'ask.soonOver' : 'ask.left';
    return {
      short,
      text: leftMs === 0 ? i18n.value.t('ask.over') : i18n.value.t(key, { left: short }),
      fraction: Math.min(1, leftMs / Math.max(1, endsAtMs - askedAtMs)),
      soon,
    };
  });
}
