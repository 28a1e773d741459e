import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { databaseFile, type FigureDifference, openFactRecount } from '../../core/database/index.ts';
import { writeFacts } from './fact-keeper.ts';
import { hasSameSums } from './same-sums.ts';

export interface FiguresReport {
  /** Rows of kept figures that differ from what the records give, by table and batch. */
  readonly differences: readonly FigureDifference[];
  /** The row up to which they were compared: later runs have no figures yet. */
  readonly runs: number;
}

/** Rows of one step: some ten milliseconds. */
const ROWS = 100;
/**
 * Compares the kept facts and figures of all batches with the records. All of them are made once more from the records, with the
 * code that made them, and compared row by row; about 0.2 ms of each run. It reads the records of one moment over a connection
 * of its own and changes nothing; between each hundred runs the event loop turns.
 *
 * @param onProgress called from time to time with the rows that are done and their number
 * Faults: those of `openStationDatabaseForReading`, and the signal's reason.
 */
export async function verifyFigures(
  dataDir: string,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<FiguresReport> {
  using recount = openFactRecount(databaseFile(dataDir), hasSameSums);
  const { store, progress, lastReady } = recount;
  const until = Math.min(progress, lastReady);
  for (let done = 0; done < until; done = store.runFacts.getProgress()) {
    await nextTurn();
    throwIfAborted(signal);
    writeFacts(store, Math.min(until - done, ROWS));
    onProgress(done, until);
  }
  // Rows that are not there: figures of the next runs would not be written.
  const beyond = progress - store.runFacts.getLastRow();
  const ahead: FigureDifference[] = beyond > 0 ? [{ table: 'run_fact', batchId: null, rows: beyond }] : [];
  return { differences: [...ahead, ...recount.differences()], runs: until };
}
