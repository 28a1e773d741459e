import { Fault } from '#shared/domain/fault.ts';
import type { Store } from '#station';

/** Faults: `batch-missing`. */
export function requireBatch(store: Store, batch: string): void {
  if (store.batches.byId(batch) !== null) return;
  throw new Fault('batch-missing', `there is no batch ${batch}`, { hint: 'List them with "batch list".' });
}
