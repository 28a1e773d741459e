import type { ReadPool } from '../../core/background/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { type BatchCount, createBatchCount } from './batch-count.ts';
import { countInto } from './count-batch.ts';

/** The count of one batch, from all of its runs once, and from each that ends after that. */
export interface CachedCount {
  /** Resolves when what was there before has been counted. Rejects as `countInto` does. */
  readonly ready: Promise<BatchCount>;
  /** `null` until then. */
  readonly counted: BatchCount | null;
  /** Tells that a run of this batch has ended, durably; once for each. */
  recordEnd(runId: string): void;
}

/** Begins to count; reads beside the line, so that a large batch takes a while. */
export function startCount(batchId: string, own: ReadableDatabase, readers: ReadPool): CachedCount {
  const count = createBatchCount({ batchId });
  // What had ended by now is read over another connection; what ends from now on is told. Nothing twice, nothing never.
  const cut = own.yieldRuns.takeSnapshot();
  const waiting: string[] = [];
  let counted: BatchCount | null = null;

  function add(runId: string): void {
    const run = own.yieldRuns.findById(runId);
    if (run !== null && !cut.had(run.row, runId)) count.add(run, own.yieldRuns.getDetail(runId));
  }

  const ready = readers
    .read((database, signal) =>
      countInto(count, database, batchId, {
        detailed: true,
        except: (row, runId) => !cut.had(row, runId),
        signal,
      }),
    )
    .then(() => {
      for (const runId of waiting) add(runId);
      counted = count;
      return count;
    });

  return {
    ready,
    get counted() {
      return counted;
    },
    recordEnd(runId) {
      if (counted === null) waiting.push(runId);
      else add(runId);
    },
  };
}
