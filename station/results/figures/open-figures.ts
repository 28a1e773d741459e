import { createYielder } from '#node-kit/async/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { FactDelta } from './fact-delta.ts';
import type { FigureCache } from './figure-cache.ts';
import type { FigureSource } from './figure-source.ts';

const PAGE_ROWS = 500;
/** Fixed cost of reading the steps and measurements of a run, in rows. */
const DETAIL_COST_ROWS = 10;
/** Measured runs whose values are kept in memory; those of the others are read once more. A working station has fewer. */
const KEPT_VALUES = 2000;

/**
 * Opens the figures of a batch: the stored ones, and the runs that are not stored yet, which are few unless an older
 * version wrote them. Between two runs the event loop turns, so that the caller reads the same state with a snapshot.
 * `null` when there is no such batch. Faults: the signal's reason.
 *
 * @param keptValues measured runs whose values are kept in memory
 */
export async function openFigures(
  database: ReadableDatabase,
  batchId: string,
  signal: AbortSignal,
  keptValues = KEPT_VALUES,
): Promise<FigureSource | null> {
  const { runFacts, yieldRuns } = database;
  const batch = runFacts.findBatchRow(batchId);
  if (batch === null) return null;
  throwIfAborted(signal);
  const yielder = createYielder(signal);
  const delta = new FactDelta(database, keptValues);
  const last = runFacts.getLastRow();
  for (let after = runFacts.getProgress(); after < last; after += PAGE_ROWS) {
    for (const run of runFacts.listEnded(after, Math.min(last, after + PAGE_ROWS), batchId)) {
      const detail = yieldRuns.getDetail(run.runId);
      delta.add(run, detail);
      await yielder.afterRows(DETAIL_COST_ROWS + detail.steps.length);
    }
    await yielder.afterRows(PAGE_ROWS / 10);
  }
  return { database, batch, stored: runFacts.findBatch(batch), delta };
}

/** As `openFigures` in one turn of the event loop, for a station whose facts are written. */
export function openFiguresAtOnce(
  database: ReadableDatabase,
  batchId: string,
  cache?: FigureCache,
): FigureSource | null {
  const { runFacts } = database;
  const batch = runFacts.findBatchRow(batchId);
  if (batch === null) return null;
  return {
    database,
    batch,
    stored: runFacts.findBatch(batch),
    delta: readDeltaAtOnce(database, batchId),
    cache,
  };
}

/** The ended runs whose facts are not stored, of one batch or of all, in one turn of the event loop. */
export function readDeltaAtOnce(database: ReadableDatabase, batchId: string | null = null): FactDelta {
  const { runFacts, yieldRuns } = database;
  const delta = new FactDelta(database);
  for (const run of runFacts.listEnded(runFacts.getProgress(), runFacts.getLastRow(), batchId))
    delta.add(run, yieldRuns.getDetail(run.runId));
  return delta;
}
