import type { ReadableDatabase } from '../../core/database/index.ts';

/** Returns a function that gives the name of a batch by its id, and reads each once; the id of an unknown batch. */
export function createBatchNames({
  batches,
}: Pick<ReadableDatabase, 'batches'>): (batchId: string) => string {
  const names = new Map<string, string>();
  return (batchId) => {
    const name = names.get(batchId) ?? batches.findById(batchId)?.name ?? batchId;
    names.set(batchId, name);
    return name;
  };
}
