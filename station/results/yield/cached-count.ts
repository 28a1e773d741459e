import type { BackgroundReader } from '../../core/background-reads/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { type BatchCount, createBatchCount } from './batch-count.ts';
import { countInto } from './count-batch.ts';

/** The count of one batch: over all its runs once, and updated by each run that ends later. */
export interface CachedCount {
  /** Resolves when the earlier runs are counted. Rejects with the faults of `countInto`. */
  readonly ready: Promise<BatchCount>;
  /** Null until then. */
  readonly counted: BatchCount | null;
  /** Counts a run of this batch that has ended and is stored; call it once per run. */
  recordEnd(runId: string): void;
}

/** Starts counting in the background. */
export function startCount(batchId: string, own: ReadableDatabase, reader: BackgroundReader): CachedCount {
  const count = createBatchCount({ batchId });
  // The snapshot divides the runs: those before it are read over another connection, later ones come by `recordEnd`.
  const snapshot = own.yieldRuns.takeSnapshot();
  const endedMeanwhile: string[] = [];
  let counted: BatchCount | null = null;

  function add(runId: string): void {
    const run = own.yieldRuns.findById(runId);
    if (run !== null && !snapshot.had(run.row, runId)) count.add(run, own.yieldRuns.getDetail(runId));
  }

  const ready = reader
    .read((database, signal) =>
      countInto(count, database, batchId, {
        detailed: true,
        except: (row, runId) => !snapshot.had(row, runId),
        signal,
      }),
    )
    .then(() => {
      for (const runId of endedMeanwhile) add(runId);
      counted = count;
      return count;
    });

  return {
    ready,
    get counted() {
      return counted;
    },
    recordEnd(runId) {
      if (counted === null) endedMeanwhile.push(runId);
      else add(runId);
    },
  };
}
