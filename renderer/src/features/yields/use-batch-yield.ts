import type { BatchYield } from '#shared/contract/index.ts';
import { computed, onMounted, reactive, ref, watch } from 'vue';
import { type CallContext, type FaultView, useCall } from '#services/client/index.ts';

/** The part of a batch that is counted. */
export interface YieldFilter {
  /** `null` for all slots. */
  slot: number | null;
  /** How far back from now, in milliseconds; `null` for the whole batch. */
  sinceMs: number | null;
  /** Whether runs with station errors are counted. */
  stationErrors: boolean;
}

export interface LoadedYield {
  filter: YieldFilter;
  readonly found: BatchYield | null;
  /** When the pending count began, by `performance.now()`; `null` when none is pending. */
  readonly countingSinceMs: number | null;
  readonly fault: FaultView | null;
  readonly load: () => Promise<void>;
}

/** A large batch without recent runs is counted from its first run. */
const COUNT_MS = 120_000;

/** The yield of a batch; counted when the page is mounted, when the filter changes, and by each `load`. */
export function useBatchYield(batchId: string): LoadedYield {
  const filter = reactive<YieldFilter>({ slot: null, sinceMs: null, stationErrors: true });
  const startedAtMs = ref(0);
  const counting = ({ call }: CallContext): Promise<BatchYield> => {
    startedAtMs.value = performance.now();
    const { slot, sinceMs, stationErrors } = filter;
    const selected = {
      ...(slot === null ? {} : { slot }),
      ...(sinceMs === null ? {} : { fromMs: Math.max(0, Date.now() - sinceMs) }),
      ...(stationErrors ? {} : { stationErrors }),
    };
    return call('yield.batch', { batchId, filter: selected }, { timeoutMs: COUNT_MS });
  };
  const count = useCall(counting, { repeatAfterLoss: true });
  async function load(): Promise<void> {
    await count.run();
  }
  onMounted(load);
  watch(filter, load);
  return reactive({
    filter,
    found: computed(() => count.data),
    countingSinceMs: computed(() => (count.pending ? startedAtMs.value : null)),
    fault: computed(() => count.fault),
    load,
  });
}
