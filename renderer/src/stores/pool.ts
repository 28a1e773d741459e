import type { PoolState } from '#shared/contract/index.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useStationClient } from '../link/index.ts';
import { useBatch } from './batch.ts';

/** Below this the engineer should be on the way, unless the batch needs even fewer. */
const LOW_POOL = 20;

/** The triples left for the product that is being made. */
export const usePool = defineStore('pool', () => {
  const client = useStationClient();
  const batch = useBatch();
  const state = shallowRef<PoolState | null>(null);
  client.watch('pool', { onState: (next) => (state.value = next) });

  const counts = computed(() => {
    const productId = batch.active?.productId;
    if (state.value === null || productId === undefined) return null;
    return state.value.products.find((product) => product.productId === productId)?.counts ?? null;
  });
  /** `null` when there is no batch or nothing is known yet; a product without triples has 0. */
  const available = computed(() =>
    state.value === null || batch.active === null ? null : (counts.value?.available ?? 0),
  );
  const inDoubt = computed(() => counts.value?.inDoubt ?? 0);

  const level = computed<'unknown' | 'enough' | 'low' | 'empty'>(() => {
    const needed = batch.remaining;
    if (available.value === null || needed === null) return 'unknown';
    if (needed === 0) return 'enough';
    if (available.value === 0) return 'empty';
    return available.value < Math.min(needed, LOW_POOL) ? 'low' : 'enough';
  });

  return { state, available, inDoubt, level };
});
