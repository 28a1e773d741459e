import { setImmediate as nextTurn } from 'node:timers/promises';
import { raceAbort } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { FactStore, ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';
import type { Log } from '../../core/platform/index.ts';
import { FactDelta } from './fact-delta.ts';
import { toNewFacts } from './store-facts.ts';

/**
 * Facts are written when so many rows wait. With 50 each run cost 0.14 ms and with more than 200 not less than 0.08 ms, because
 * each transaction also writes the sums of each slot.
 */
const WAITING_ROWS = 200;
/** Rows of one transaction: some ten milliseconds. */
const ROWS = 200;
/** Figures are read while no more than this wait, which takes some ten milliseconds. */
const MAX_UNSTORED = 500;

/** How far the facts of a database are written. */
export interface FactProgress {
  readonly done: number;
  readonly total: number;
}

/** Writes the facts of ended runs, in the order of their rows; after an update of the program those of all earlier runs. */
export class FactKeeper {
  readonly #database: WritableDatabase;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #working: Promise<void> | null = null;

  constructor(database: WritableDatabase, log: Log) {
    this.#database = database;
    this.#log = log;
    if (waitingRows(database) > 0) this.#work(1);
  }

  /** Call it for each run that has ended and is stored. */
  runEnded(): void {
    if (this.#working === null && waitingRows(this.#database) >= WAITING_ROWS) this.#work(WAITING_ROWS);
  }

  /**
   * Resolves when figures can be read at once; also when facts cannot be written, for example because the disk is full.
   * Faults: the signal's reason; `cancelled` when it was closed.
   */
  async whenReady(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    throwIfAborted(this.#closing.signal);
    if (waitingRows(this.#database) <= MAX_UNSTORED) return;
    this.#work(1);
    await raceAbort(this.#working ?? nextTurn(), AbortSignal.any([signal, this.#closing.signal]));
  }

  /** `null` when nothing but the latest runs is missing. */
  progress(): FactProgress | null {
    const { runFacts } = this.#database;
    if (waitingRows(this.#database) <= MAX_UNSTORED) return null;
    return { done: runFacts.getProgress(), total: runFacts.getLastRow() };
  }

  /**
   * Removes all facts and writes them anew from the records, in the background. `record` is called in the transaction
   * that removes them. Faults: those of `transaction`.
   */
  remake(record: () => void): void {
    this.#database.transaction(() => {
      record();
      this.#database.clearFacts();
    });
    if (waitingRows(this.#database) > 0) this.#work(1);
  }

  /** Resolves when nothing is being written any more. */
  async whenWritten(): Promise<void> {
    await this.#working;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await this.#working;
  }

  #work(atLeast: number): void {
    this.#working ??= this.#writeAll(atLeast).finally(() => (this.#working = null));
  }

  async #writeAll(atLeast: number): Promise<void> {
    try {
      while (waitingRows(this.#database) >= atLeast) {
        // Between the turns of everything else.
        await nextTurn();
        if (this.#closing.signal.aborted) return;
        writeFacts(this.#database);
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#log.error('facts.not-written', error);
    }
  }
}

/** Rows whose facts could be written. */
function waitingRows({ runFacts }: ReadableDatabase): number {
  return runFacts.getLastReady() - runFacts.getProgress();
}

/** Writes the facts of the next runs in one transaction. Faults: those of `transaction`. */
export function writeFacts(database: FactStore, rows = ROWS): void {
  database.transaction(() => {
    const { runFacts, yieldRuns } = database;
    const from = runFacts.getProgress();
    const until = Math.min(from + rows, runFacts.getLastReady());
    if (until <= from) return;
    const delta = new FactDelta(database);
    for (const run of runFacts.listEnded(from, until)) delta.add(run, yieldRuns.getDetail(run.runId));
    database.writeFacts(toNewFacts(database, delta));
    runFacts.setProgress(until);
  });
}
