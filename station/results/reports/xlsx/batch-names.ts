import type { ReadableDatabase } from '../../../core/database/index.ts';

/** The names of batches by their ids, each read once. */
export function batchNames({ batches }: Pick<ReadableDatabase, 'batches'>): (batchId: string) => string {
  const names = new Map<string, string>();
  return (batchId) => {
    const name = names.get(batchId) ?? batches.findById(batchId)?.name ?? batchId;
    names.set(batchId, name);
    return name;
  };
}
