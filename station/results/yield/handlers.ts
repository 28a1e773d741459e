import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Yields } from './yields.ts';

export function yieldHandlers({ yields }: { readonly yields: Yields }): SectionHandlers<'yield'> {
  return {
    'yield.batch': ({ batchId, filter, foreign = false }, { signal }) =>
      yields.batch(batchId, filter, signal, foreign),
  };
}
