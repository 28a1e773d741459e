import type { RunFilter } from '#shared/contract/index.ts';

/** Which runs are exported: those of a batch, of a filter, or of one unit by one of its names. */
export type ExportSubject =
  | { readonly kind: 'batch'; readonly batchId: string }
  | { readonly kind: 'runs'; readonly filter: RunFilter }
  | { readonly kind: 'unit'; readonly unit: string };
