import { ref } from 'vue';
import { useCall } from '#services/client/index.ts';
import { useYield } from '#stores/index.ts';

/** The yields of one batch, as on its own page; `null` without units. */
export interface ListedYields {
  readonly fpy: number | null;
  readonly lpy: number | null;
}

export interface BatchYields {
  /** Requests the batches one after another, because the station counts a large batch slowly. */
  ask(batchIds: readonly string[]): Promise<void>;
  /** `undefined` until it is known. */
  of(batchId: string): ListedYields | undefined;
}

/** Yields of many batches, filled in as they are counted; those of the active batch come from its topic. */
export function useBatchYields(): BatchYields {
  const atWork = useYield();
  const known = ref(new Map<string, ListedYields>());
  const count = useCall(({ call }, batchId: string) => call('reports.batch', { batchId }));
  return {
    async ask(batchIds) {
      for (const batchId of batchIds) {
        const report = await count.run(batchId);
        // A missing figure stays empty in the list; the page of the batch shows the fault.
        if (report !== undefined)
          known.value.set(batchId, { fpy: report.firstPassYield, lpy: report.finalYield });
      }
    },
    of(batchId) {
      const { state, figures } = atWork;
      return state?.batchId === batchId && figures !== null ? figures : known.value.get(batchId);
    },
  };
}
