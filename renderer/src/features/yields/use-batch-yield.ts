import type { BatchYield, StationContract } from '#shared/contract/index.ts';
import type { CallParsed } from '#shared/rpc/index.ts';
import { computed, onMounted, reactive, ref, shallowRef, watch } from 'vue';
import { type CallContext, type FaultView, useCall } from '#services/client/index.ts';

/** The part of a batch that is counted. */
export interface YieldFilter {
  /** `null` for all slots. */
  slot: number | null;
  /** How far back from now, in milliseconds; `null` for the whole batch. */
  sinceMs: number | null;
  /** Whether runs with station errors are counted. */
  stationErrors: boolean;
  /** Whether runs that were imported from other stations and programs are counted. */
  foreign: boolean;
}

/** The filter of a count, as the station gets it. */
export type CountedFilter = NonNullable<CallParsed<StationContract, 'yield.batch'>['filter']>;

export interface LoadedYield {
  filter: YieldFilter;
  /** The filter of the latest count. */
  readonly counted: CountedFilter;
  readonly found: BatchYield | null;
  /** When the pending count began, by `performance.now()`; `null` when none is pending. */
  readonly countingSinceMs: number | null;
  readonly fault: FaultView | null;
  readonly load: () => Promise<void>;
}

/** After an update of the program the figures of all earlier runs are computed first. */
const COUNT_MS = 30 * 60_000;

/** The yield of a batch; counted when the page is mounted, when the filter changes, and by each `load`. */
export function useBatchYield(batchId: string): LoadedYield {
  const filter = reactive<YieldFilter>({ slot: null, sinceMs: null, stationErrors: true, foreign: false });
  const startedAtMs = ref(0);
  const counted = shallowRef<CountedFilter>({});
  const counting = ({ call }: CallContext): Promise<BatchYield> => {
    startedAtMs.value = performance.now();
    const { slot, sinceMs, stationErrors, foreign } = filter;
    counted.value = {
      ...(slot === null ? {} : { slot }),
      ...(sinceMs === null ? {} : { fromMs: Math.max(0, Date.now() - sinceMs) }),
      ...(stationErrors ? {} : { stationErrors }),
    };
    return call(
      'yield.batch',
      { batchId, filter: counted.value, ...(foreign ? { foreign } : {}) },
      { timeoutMs: COUNT_MS },
    );
  };
  const count = useCall(counting, { repeatAfterLoss: true });
  async function load(): Promise<void> {
    await count.run();
  }
  onMounted(load);
  watch(filter, load);
  return reactive({
    filter,
    counted,
    found: computed(() => count.data),
    countingSinceMs: computed(() => (count.pending ? startedAtMs.value : null)),
    fault: computed(() => count.fault),
    load,
  });
}
