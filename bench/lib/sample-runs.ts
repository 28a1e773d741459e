import { createHash } from 'node:crypto';
import { finishRun } from '../../station/execution/executor/finish-run.ts';
import type { WritableDatabase, TripleRow } from '../../station/core/database/index.ts';

export const PRODUCT = 'CS0SLTKSYA';
export const STATION = 'L3-07';
export const BATCH = 'bench';

/** The smallest recipe that can be parsed. */
const RECIPE = `gongwei: recipe/1
name: bench
version: 1.0.0
title: { zh-CN: 基准, en: Bench }
product: ${PRODUCT}
serialNumber: { pattern: 'SN\\d{8}', example: SN00000001 }
device: { profile: at-module, region: ap-guangzhou, serial: { baudRate: 115200 } }
phases: [{ name: burn, steps: [{ verb: burn-triple }] }]
`;

export const chipOf = (n: number): string => `A2B7${n.toString(16).toUpperCase().padStart(8, '0')}`;
export const nameOf = (n: number): string => `dev${String(n).padStart(6, '0')}`;
/** As long as a real run id (UUIDv7), and sorted by creation. */
export const runIdOf = (n: number): string => `019aa0b5-${n.toString(16).padStart(12, '0')}-7a3f-9c21d4e5`;

export const serialOf = (n: number): string => `SN${String(n).padStart(8, '0')}`;
export const startedAtMsOf = (n: number): number => 1_700_000_000_000 + n;
export const finishedAtMsOf = (n: number): number => 1_700_000_030_000 + n;

/** Adds a recipe, a batch, and `count` triples leased to the station. The sealed secrets are not real. */
export function addBatch(database: WritableDatabase, count: number): void {
  const sealed = createHash('sha512').update('sealed').digest();
  database.transaction(() => {
    database.batches.addRecipe({ hash: 'a'.repeat(64), name: 'bench', version: '1.0.0', source: RECIPE }, 1);
    database.batches.add({
      batchId: BATCH,
      name: 'bench',
      productId: PRODUCT,
      quantity: count,
      createdAtMs: 1,
      recipeHash: 'a'.repeat(64),
    });
    database.leases.addRequest('bench', PRODUCT, count, 1);
    database.leases.setHeld('bench', 'bench', 1);
    for (let n = 0; n < count; n++) {
      const triple = { productId: PRODUCT, deviceName: nameOf(n), sealed, source: 'bench', lease: 'bench' };
      database.triples.add(triple, 1);
    }
  });
}

/** Starts run `n` on unit `n` and leaves its triple in the state `burning`. */
export function beginRun(database: WritableDatabase, n: number): TripleRow {
  const atMs = startedAtMsOf(n);
  const runId = runIdOf(n);
  database.runs.add({
    runId,
    batchId: BATCH,
    slot: 1 + (n % 16),
    portPath: '/dev/ttyUSB0',
    serialNumber: serialOf(n),
    station: STATION,
    operator: 'Li',
    appVersion: '0.1.0',
    recipeHash: 'a'.repeat(64),
    startedAtMs: atMs,
  });
  const { unitId } = database.units.recordSeen(chipOf(n), 'ESP8266', '1.0.3', atMs);
  const free = database.triples.findByName(PRODUCT, nameOf(n));
  if (free === null) throw new Error(`no triple for run ${n}`);
  const context = { at: atMs, runId, note: 'next of the pool' };
  const claimed = database.triples.applyEvent(free, 'claim', context, unitId);
  const burning = database.triples.applyEvent(claimed, 'intend', { ...context, note: 'about to be written' });
  database.runs.setUnit(runId, unitId);
  database.runs.setTriple(runId, free.tripleId);
  database.runs.setProof(runId, { readBack: 'bcc8', online: 'registry' });
  return burning;
}

/** Ends run `n`: records identity, outcome and the message for the registry. */
export function endRun(database: WritableDatabase, n: number, burning: TripleRow): void {
  const atMs = finishedAtMsOf(n);
  const runId = runIdOf(n);
  database.triples.applyEvent(burning, 'confirm', { at: atMs, runId, note: 'read back (bcc8)' });
  finishRun(database, runId, atMs, 'PASS', null);
}
