import { createHash } from 'node:crypto';
import { openStore, type Store } from '../../../station/core/database/index.ts';

export const PRODUCT = 'CS0SLTKSYA';
/** A secret as the cloud hands it out (document 002's example key). */
export const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';

/** Adds triples `d1` … to the pool. Their sealed secrets are placeholders: nothing opens them here. */
export function addTriples(store: Store, count: number, productId = PRODUCT): void {
  store.transaction(() => {
    for (let n = 1; n <= count; n++) {
      const sealed = createHash('sha256').update(`${productId}/d${n}`).digest();
      store.triples.add({ productId, deviceName: `d${n}`, sealed, source: 'test', lease: null }, 1);
    }
  });
}

/** A recipe and a batch `B`, as rows: what a run refers to. */
export function addBatch(store: Store, source = 'gongwei: recipe/1'): void {
  store.transaction(() => {
    store.batches.addRecipe({ hash: 'h', name: 'r', version: '1', source }, 1);
    const batch = { batchId: 'B', name: 'b', productId: PRODUCT, quantity: 9, createdAt: 1, recipeHash: 'h' };
    store.batches.add(batch);
  });
}

export function beginRun(
  store: Store,
  runId: string,
  serialNumber: string | null = null,
  station = 'S',
): void {
  store.runs.begin({
    runId,
    batchId: 'B',
    slot: 1,
    portPath: '/dev/null',
    serialNumber,
    station,
    operator: 'Li',
    appVersion: '0',
    recipeHash: 'h',
    startedAt: 1,
  });
}

export function openSampleStore(dataDir: string): Store {
  const store = openStore(dataDir);
  addTriples(store, 4);
  addBatch(store);
  return store;
}
