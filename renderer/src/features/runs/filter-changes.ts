import type { RunFilter } from '#shared/contract/index.ts';

/** New values of conditions; `undefined` removes one. */
export type FilterChange = { readonly [K in keyof RunFilter]?: RunFilter[K] | undefined };

/** A filter with some conditions changed. */
export function changeFilter(filter: RunFilter, change: FilterChange): RunFilter {
  const entries = Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as RunFilter;
}
