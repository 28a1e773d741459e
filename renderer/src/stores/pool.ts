import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useBatch } from './batch.ts';
import { useTopic } from './use-topic.ts';

/** Below this the engineer should be on the way, unless the batch needs even fewer. */
const LOW_POOL = 20;

/** The triples left for the product that is being made. */
export const usePool = defineStore('pool', () => {
  const batch = useBatch();
  const state = useTopic('pool');

  const product = computed(
    () => state.value?.products.find(({ productId }) => productId === batch.active?.productId) ?? null,
  );
  const counts = computed(() => product.value?.counts ?? null);
  /** `null` when no batch takes triples or nothing is known yet; a product without triples has 0. */
  const available = computed(() =>
    state.value === null || batch.active?.recipe.burns !== true ? null : (counts.value?.available ?? 0),
  );
  /** Of those, the ones that are for one unit each. */
  const bound = computed(() => product.value?.bound ?? 0);
  /** What the time that they last is about. */
  const lasting = computed(() => {
    const all = available.value ?? 0;
    return product.value?.emptyOf === 'free' ? all - bound.value : all;
  });
  const inDoubt = computed(() => counts.value?.inDoubt ?? 0);

  /** Minutes until none is left at the rate of the last hours, when that is within the hour and before the batch is done. */
  const emptyInMinutes = computed(() => {
    const { emptySoon = false, emptyInMs = null } = product.value ?? {};
    const enough = !available.value || lasting.value >= (batch.remaining ?? 0);
    return !emptySoon || emptyInMs === null || enough ? null : Math.max(1, Math.round(emptyInMs / 60_000));
  });

  const level = computed<'unknown' | 'enough' | 'low' | 'empty'>(() => {
    const needed = batch.remaining;
    if (available.value === null || needed === null) return 'unknown';
    if (needed === 0) return 'enough';
    if (available.value === 0) return 'empty';
    return emptyInMinutes.value !== null || available.value < Math.min(needed, LOW_POOL) ? 'low' : 'enough';
  });

  return { state, available, bound, lasting, inDoubt, emptyInMinutes, level };
});
