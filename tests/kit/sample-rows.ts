import { createHash } from 'node:crypto';
import { openStationDatabase, type WritableDatabase } from '../../station/core/database/index.ts';

export const PRODUCT = 'CS0SLTKSYA';
/** A secret as the cloud hands it out (document 002's example key). */
export const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';

/** Adds triples `d1` … to the pool. Their sealed secrets are placeholders: nothing opens them here. */
export function addTriples(database: WritableDatabase, count: number, productId = PRODUCT): void {
  database.transaction(() => {
    for (let n = 1; n <= count; n++) {
      const sealed = createHash('sha256').update(`${productId}/d${n}`).digest();
      database.triples.add({ productId, deviceName: `d${n}`, sealed, source: 'test', lease: null }, 1);
    }
  });
}

/** A recipe and a batch `B`, as rows: what a run refers to. */
export function addBatch(database: WritableDatabase, source = 'gongwei: recipe/1'): void {
  database.transaction(() => {
    database.batches.addRecipe({ hash: 'h', name: 'r', version: '1', source }, 1);
    const batch = {
      batchId: 'B',
      name: 'b',
      productId: PRODUCT,
      quantity: 9,
      createdAtMs: 1,
      recipeHash: 'h',
    };
    database.batches.add(batch);
  });
}

export function beginRun(
  database: WritableDatabase,
  runId: string,
  serialNumber: string | null = null,
  station = 'S',
): void {
  database.runs.add({
    runId,
    batchId: 'B',
    slot: 1,
    portPath: '/dev/null',
    serialNumber,
    station,
    operator: 'Li',
    appVersion: '0',
    recipeHash: 'h',
    startedAtMs: 1,
  });
}

export function openSampleStore(dataDir: string): WritableDatabase {
  const database = openStationDatabase(dataDir);
  addTriples(database, 4);
  addBatch(database);
  return database;
}
