import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import type { Outcome } from '#shared/domain/outcome.ts';
import { useSlots } from '#stores/index.ts';

export interface LastRun {
  readonly runId: string;
  readonly outcome: Outcome;
  readonly serialNumber: string | null;
}

/** The last result of each slot that this page has seen, for the tile that is ready again. */
export const useLastRuns = defineStore('last-runs', () => {
  const slots = useSlots();
  const last = shallowRef<ReadonlyMap<number, LastRun>>(new Map());
  watch(
    () => slots.state,
    () => {
      const ended = slots.slots.flatMap(({ slot, run }) =>
        run === null || run.outcome === null
          ? []
          : ([[slot, { runId: run.runId, outcome: run.outcome, serialNumber: run.serialNumber }]] as const),
      );
      if (ended.length > 0) last.value = new Map([...last.value, ...ended]);
    },
    { immediate: true },
  );
  return { of: (slot: number): LastRun | null => last.value.get(slot) ?? null };
});
