import { onScopeDispose, ref } from 'vue';
import { useStationClient } from '#services/client/index.ts';
import { useYield } from '#stores/index.ts';

/** Of one batch, as its own page has them; `null` when there is no unit yet. */
export interface ListedYields {
  readonly fpy: number | null;
  readonly lpy: number | null;
}

export interface BatchYields {
  /** Asks for each batch, one after another: counting a large one takes the station a while. */
  ask(batchIds: readonly string[]): Promise<void>;
  /** `undefined` until it is known. */
  of(batchId: string): ListedYields | undefined;
}

/** Yields of many batches, filled in as they are counted; those of the batch at work are told as it goes on. */
export function useBatchYields(): BatchYields {
  const client = useStationClient();
  const atWork = useYield();
  const known = ref(new Map<string, ListedYields>());
  const gone = new AbortController();
  onScopeDispose(() => gone.abort());
  return {
    async ask(batchIds) {
      for (const batchId of batchIds) {
        try {
          const report = await client.call('reports.batch', { batchId }, { signal: gone.signal });
          known.value.set(batchId, { fpy: report.firstPassYield, lpy: report.finalYield });
        } catch {
          // A figure that is missing in a list; the batch's own page says why.
          if (gone.signal.aborted) return;
        }
      }
    },
    of(batchId) {
      const { state, figures } = atWork;
      return state?.batchId === batchId && figures !== null ? figures : known.value.get(batchId);
    },
  };
}
