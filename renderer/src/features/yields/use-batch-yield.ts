import type { BatchYield } from '#shared/contract/index.ts';
import { onMounted, onScopeDispose, reactive, watch } from 'vue';
import { asFault, type FaultView, useStationClient } from '#services/client/index.ts';

/** What is asked for: a part of the batch, and how far back. */
export interface AskedYield {
  slot: number | null;
  /** Until now; `null` for the whole batch. */
  sinceMs: number | null;
  stationErrors: boolean;
}

export interface LoadedYield {
  readonly asked: AskedYield;
  found: BatchYield | null;
  /** When the count that is under way was asked for. */
  countingSinceMs: number | null;
  fault: FaultView | null;
  load(): Promise<void>;
}

/** A large batch that was not at work lately is counted from its first run. */
const COUNT_MS = 120_000;

/** The yield of a batch, asked for again whenever something else is asked for and whenever `load` is called. */
export function useBatchYield(batchId: string): LoadedYield {
  const client = useStationClient();
  const gone = new AbortController();
  onScopeDispose(() => gone.abort());
  let latest = 0;
  const state: LoadedYield = reactive({
    asked: { slot: null, sinceMs: null, stationErrors: true },
    found: null,
    countingSinceMs: null,
    fault: null,
    async load() {
      const mine = (latest += 1);
      const { slot, sinceMs, stationErrors } = state.asked;
      const filter = {
        ...(slot === null ? {} : { slot }),
        ...(sinceMs === null ? {} : { fromMs: Math.max(0, Date.now() - sinceMs) }),
        ...(stationErrors ? {} : { stationErrors }),
      };
      state.countingSinceMs = performance.now();
      try {
        const options = { signal: gone.signal, timeoutMs: COUNT_MS };
        const found = await client.call('yield.batch', { batchId, filter }, options);
        // A later question may have been answered before.
        if (mine === latest) Object.assign(state, { found, fault: null, countingSinceMs: null });
      } catch (error) {
        if (!gone.signal.aborted && mine === latest)
          Object.assign(state, { fault: asFault(error), countingSinceMs: null });
      }
    },
  });
  onMounted(() => void state.load());
  watch(
    () => ({ ...state.asked }),
    () => void state.load(),
  );
  return state;
}
