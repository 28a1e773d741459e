import type { BatchView } from '#shared/contract/index.ts';
import { shallowReactive, watch } from 'vue';
import { useCall } from '#services/client/index.ts';
import { usePresence } from '#services/presence/index.ts';
import { useConnection, useYield } from '#stores/index.ts';

/** The yields of one batch, as on its own page; `null` without units. */
export interface ListedYields {
  readonly fpy: number | null;
  readonly lpy: number | null;
}

interface CountedYields extends ListedYields {
  /** The runs of the batch when it was counted. */
  readonly runs: number;
}

export interface BatchYields {
  /** `undefined` until it is known. */
  of(batchId: string): ListedYields | undefined;
}

const COUNT_MS = 60_000;

/**
 * Yields of many batches, filled in as they are counted; those of the active batch come from its topic. A batch is
 * counted when it appears and when it has other runs. A count that failed is repeated after the next loss of the
 * station, or when the batch has changed; until then the figure stays empty, and the page of the batch shows the fault.
 */
export function useBatchYields(batches: () => readonly BatchView[]): BatchYields {
  const active = useYield();
  const connection = useConnection();
  const presence = usePresence();
  const counted = shallowReactive(new Map<string, CountedYields>());
  /** The runs of the batches whose count failed. */
  const failed = new Map<string, number>();
  const count = useCall(({ call }, batchId: string) =>
    call('reports.batch', { batchId }, { timeoutMs: COUNT_MS }),
  );
  let isCounting = false;

  watch([batches, () => active.state?.batchId], () => presence.whenPresent(() => void countUnknown()), {
    immediate: true,
  });
  watch(
    () => connection.responsive,
    (answers) => {
      failed.clear();
      if (answers) presence.whenPresent(() => void countUnknown());
    },
  );

  function ofActive(batchId: string): ListedYields | undefined {
    return active.state?.batchId === batchId ? (active.figures ?? undefined) : undefined;
  }

  function nextUnknown(): BatchView | undefined {
    return batches().find(
      ({ batchId, runs }) =>
        ofActive(batchId) === undefined &&
        counted.get(batchId)?.runs !== runs &&
        failed.get(batchId) !== runs,
    );
  }

  /** One batch after another, because the station counts a large one slowly. */
  async function countUnknown(): Promise<void> {
    if (isCounting) return;
    isCounting = true;
    try {
      for (let batch = nextUnknown(); batch !== undefined; batch = nextUnknown()) {
        const { batchId, runs } = batch;
        const report = await count.run(batchId);
        if (report === undefined) failed.set(batchId, runs);
        else counted.set(batchId, { fpy: report.firstPassYield, lpy: report.finalYield, runs });
      }
    } finally {
      isCounting = false;
    }
  }

  return { of: (batchId) => ofActive(batchId) ?? counted.get(batchId) };
}
