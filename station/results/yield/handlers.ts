import type { ApiParts, Section } from '../../handler-parts.ts';

export function yieldHandlers({ yields }: ApiParts): Section<'yield'> {
  return {
    'yield.batch': ({ batchId, filter }, { signal }) => yields.batch(batchId, filter, signal),
  };
}
