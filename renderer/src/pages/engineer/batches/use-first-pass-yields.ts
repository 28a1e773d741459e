import { onScopeDispose, ref } from 'vue';
import { useStationClient } from '../../../link/index.ts';

export interface FirstPassYields {
  /** Asks for each batch, one after another: counting a large one takes the station a while. */
  ask(batchIds: readonly string[]): Promise<void>;
  /** `undefined` until it is known, `null` when there is no unit yet. */
  of(batchId: string): number | null | undefined;
}

/** First-pass yields of many batches, filled in as they are counted. */
export function useFirstPassYields(): FirstPassYields {
  const client = useStationClient();
  const known = ref(new Map<string, number | null>());
  const gone = new AbortController();
  onScopeDispose(() => gone.abort());
  return {
    async ask(batchIds) {
      for (const batchId of batchIds) {
        try {
          const report = await client.call('reports.batch', { batchId }, { signal: gone.signal });
          known.value.set(batchId, report.firstPassYield);
        } catch {
          // A figure that is missing in a list; the batch's own page says why.
          if (gone.signal.aborted) return;
        }
      }
    },
    of: (batchId) => known.value.get(batchId),
  };
}
