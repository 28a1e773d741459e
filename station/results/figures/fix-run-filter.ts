import { isByUnit, type FirstRunFilter, type RunFilter } from '#shared/contract/run-filter.ts';
import { MAX_SERIES, type SeriesNames } from '#shared/domain/yield/index.ts';
import { beginOf } from '#shared/domain/time-period.ts';
import type { FixedRunFilter, ReadableDatabase, RunFact } from '../../core/database/index.ts';
import type { AddedRun, FactDelta, FirstRun } from './fact-delta.ts';
import { isEndedByStation } from './figure-filter.ts';
import { readDeltaAtOnce } from './open-figures.ts';

/**
 * The filter as it is now: a period gets its times, and conditions about units get the rows that meet them and have no
 * facts yet, which are few in a station whose facts are written.
 */
export function fixRunFilter(
  database: ReadableDatabase,
  { time, ...filter }: RunFilter,
  nowMs: number,
): FixedRunFilter {
  const fixed =
    time === undefined
      ? filter
      : { ...filter, fromAtMs: Math.max(filter.fromAtMs ?? 0, beginOf(time, nowMs)) };
  if (!isByUnit(fixed)) return fixed;
  return {
    ...fixed,
    unstored: matchingRows(database, readDeltaAtOnce(database), fixed),
    hours: hoursOf(database, fixed),
  };
}

/** The hours in which a counted value may be, as their sums say, so that the values of all others are not read. */
function hoursOf(
  { runFacts, figures }: ReadableDatabase,
  { batchId, counted, measured }: FixedRunFilter,
): number[] | undefined {
  if (counted !== true || measured === undefined || batchId === undefined) return undefined;
  const batch = runFacts.findBatchRow(batchId);
  if (batch === null) return undefined;
  const { fromValue = -Number.MAX_VALUE, toValue = Number.MAX_VALUE } = measured;
  const series = runFacts.listSeries(batch).filter(({ names }) => {
    const [phase, step, name, , at] = JSON.parse(names) as SeriesNames;
    const isPlace = measured.at === undefined || measured.at === at;
    return isPlace && phase === measured.phase && step === measured.step && name === measured.name;
  });
  // Of further series no sums are kept.
  if (series.some((one) => one.series >= MAX_SERIES)) return undefined;
  return [...new Set(series.flatMap((one) => figures.listHoursWith(batch, one.series, fromValue, toValue)))];
}

function matchingRows(database: ReadableDatabase, delta: FactDelta, filter: FixedRunFilter): number[] {
  const { first: wanted, counted, firstRun } = filter;
  const measured = new Set(delta.measured.map(({ row }) => row));
  const tested = new Map<number, FirstRun | null>();
  const firstTested = (unit: number): FirstRun | null => {
    if (!tested.has(unit)) tested.set(unit, findFirstTested(database, delta, unit));
    return tested.get(unit) ?? null;
  };
  const firstOf = (of: 'any' | 'tested', { first }: AddedRun): FirstRun | null =>
    first === null || of === 'any' ? first : firstTested(first.row);
  return delta.runs
    .filter(
      (run) =>
        run.first !== null &&
        (wanted === undefined || firstOf(wanted, run)?.row === run.fact.row) &&
        (counted === undefined || measured.has(run.fact.row)) &&
        (firstRun === undefined || isMet(firstRun, firstOf(firstRun.of, run), run.fact)),
    )
    .map(({ fact }) => fact.row);
}

function findFirstTested(database: ReadableDatabase, delta: FactDelta, unit: number): FirstRun | null {
  const stored = database.runFacts.findFirstTested(unit);
  if (stored !== null) return stored;
  return delta.runs.find(({ fact }) => fact.unit === unit && !isEndedByStation(fact))?.fact ?? null;
}

/** The first tested run comes after a run that the station ended before it; that one then has none yet. */
function isMet(
  { slot, fromAtMs, toAtMs }: FirstRunFilter,
  first: FirstRun | null,
  { row }: RunFact,
): boolean {
  return (
    first !== null &&
    first.row <= row &&
    (slot === undefined || first.slot === slot) &&
    (fromAtMs === undefined || first.startedAtMs >= fromAtMs) &&
    (toAtMs === undefined || first.startedAtMs < toAtMs)
  );
}
