import { computed, type ComputedRef } from 'vue';
import { useBatch, usePool } from '#stores/index.ts';

/** The products that the station knows, as suggestions. */
export function useProducts(): ComputedRef<string[]> {
  const batch = useBatch();
  const pool = usePool();
  return computed(() => [
    ...new Set([
      ...(pool.state?.products ?? []).map((product) => product.productId),
      ...batch.choices.map((choice) => choice.productId),
    ]),
  ]);
}
