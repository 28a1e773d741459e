import type { BatchState } from '#shared/contract/index.ts';
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useStationClient } from '#services/client/index.ts';
import { useTopic } from './use-topic.ts';

/** The batches and the active one. */
export const useBatch = defineStore('batch', () => {
  const client = useStationClient();
  const state = useTopic('batch');

  const active = computed(() => state.value?.active ?? null);
  const remaining = computed(() =>
    active.value === null ? null : Math.max(0, active.value.quantity - active.value.passed),
  );
  const complete = computed(() => remaining.value === 0);
  /** Open ones first, then the newest. */
  const choices = computed(() =>
    [...(state.value?.batches ?? [])].sort(
      (a, b) =>
        Number(a.passed >= a.quantity) - Number(b.passed >= b.quantity) || b.createdAtMs - a.createdAtMs,
    ),
  );

  /** Those that take runs. */
  const selectable = computed(() => choices.value.filter(({ closedAtMs }) => closedAtMs === null));

  /** Rejects with a Fault when the station refuses. Changes arrive by the topic. */
  const select = (batchId: string): Promise<BatchState> => client.call('batches.select', { batchId });

  return { state, active, remaining, complete, choices, selectable, select };
});
