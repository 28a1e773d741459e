import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '#shared/domain/fault.ts';
import { databaseFile, type FigureDifference, openFactRecount } from '../../core/database/index.ts';
import { writeFacts } from './fact-keeper.ts';
import { parseSums } from './store-facts.ts';

export interface FiguresReport {
  /** Rows of kept figures that differ from what the records give, by table and batch. */
  readonly differences: readonly FigureDifference[];
  /** The row up to which they were compared: later runs have no figures yet. */
  readonly runs: number;
}

/** Rows of one step: some ten milliseconds. */
const ROWS = 100;
/** Differences of rounding: sums of many values depend on the order in which parts were added. */
const RELATIVE = 1e-6;

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
  return { differences: recount.differences(), runs: until };
}

/** Whether the sums of a cell are the same except for rounding, and for the order of their parts. */
function hasSameSums(one: string, other: string): boolean {
  try {
    return isClose(parseSums(one), parseSums(other));
  } catch {
    // Not what the station wrote.
    return false;
  }
}

function isClose(one: unknown, other: unknown): boolean {
  // Counts are exact; only other numbers are rounded.
  if (isCount(one) && isCount(other)) return one === other;
  if (typeof one === 'number' && typeof other === 'number')
    return Math.abs(one - other) <= RELATIVE * Math.max(Math.abs(one), Math.abs(other));
  if (Array.isArray(one) && Array.isArray(other)) {
    const [left, right] = [comparable(one), comparable(other)];
    return left.length === right.length && left.every((part, index) => isClose(part, right[index]));
  }
  if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    const [left, right] = [Object.entries(one), new Map(Object.entries(other))];
    return left.length === right.size && left.every(([key, part]) => isClose(part, right.get(key)));
  }
  return one === other;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(Number(value)) < MAX_COUNT;
}
/** Sums of larger whole numbers are rounded to whole numbers, too. */
const MAX_COUNT = 1e9;

/** Bars of a histogram stand in the order in which they were counted; the squares of moments are judged beside their values. */
function comparable(list: readonly unknown[]): readonly unknown[] {
  if (list.every((part) => Array.isArray(part)))
    return [...(list as [number, number][])].sort(([a], [b]) => a - b);
  if (list.length !== MOMENTS || !list.every((part) => typeof part === 'number')) return list;
  const [n = 0, mean = 0, squares = 0, min = 0, max = 0] = list as number[];
  const greatest = Math.max(Math.abs(min), Math.abs(max));
  // The sum of the squares of the values: without differences of large numbers, which rounding changes.
  return [n, min, max, n === 0 ? 0 : 1 + mean / (greatest || 1), squares + n * greatest ** 2];
}
/** n, mean, sum of squares, minimum and maximum. */
const MOMENTS = 5;
