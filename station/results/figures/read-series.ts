import {
  BASELINE_UNITS,
  MAX_SERIES,
  type MeasuredSeries,
  RECENT_UNITS,
  type RowValue,
  SeriesSums,
  type SeriesValue,
  seriesValuesOf,
  toMeasuredSeries,
} from '#shared/domain/yield/index.ts';
import type { TimeRange } from '../../core/database/index.ts';
import { type FigureFilter, timeRange } from './figure-filter.ts';
import type { FigureSource } from './figure-source.ts';
import { HOUR_MS, type MeasuredRunFact } from './fact-delta.ts';
import type { MovedRuns } from './tested-units.ts';
import { EVERY_SLOT, parseSums, WHOLE_BATCH_HOUR } from './store-facts.ts';

/** Units that are read for the first and the latest values, at most; a measurement that few units have may have fewer. */
const MAX_END_UNITS = 400;
const PAGE_UNITS = 100;

/** The measurements of a batch, in the order of a run. */
export function readSeries(
  source: FigureSource,
  filter: FigureFilter,
  { without, also }: MovedRuns,
): { readonly measurements: MeasuredSeries[]; readonly measurementsLeftOut: number } {
  const { batch, delta } = source;
  const sums = new Map<number, SeriesSums>();
  const sumsOf = (series: number): SeriesSums => {
    const known = sums.get(series) ?? new SeriesSums();
    sums.set(series, known);
    return known;
  };
  const reread = hoursOf(source, filter, without);
  for (const text of storedCells(source, filter, [...reread.keys()]))
    for (const [series, state] of Object.entries(parseSums(text))) sumsOf(Number(series)).merge(state);
  const idOf = ({ names }: SeriesValue): number => delta.dictionaries.seriesIdOf(batch, names);
  const add = (row: number, values: readonly SeriesValue[]): void => {
    for (const value of values) sumsOf(idOf(value)).add(row, value.measurement, value.place);
  };
  if (source.stored !== null)
    for (const part of [...filter.edges, ...reread.values()])
      for (const [row, values] of readAll(
        source,
        timeRange(source.database, filter, source.stored, part),
        without,
      ))
        add(row, values);
  const recent = delta.measured.filter(
    ({ row, first }) => (filter.matches(first) && !without.has(row)) || also.has(row),
  );
  const inDelta = new Set(recent.map(({ row }) => row));
  for (const { row, runId } of source.database.figures.listRunIds(
    [...also].filter((one) => !inDelta.has(one)),
  ))
    add(row, readValues(source, runId));
  const valuesOf = ({ runId, values }: MeasuredRunFact): readonly SeriesValue[] =>
    values ?? readValues(source, runId);
  for (const one of recent) add(one.row, valuesOf(one));

  const unstored = { runs: recent, valuesOf };
  const wanted = new Map([...sums].map(([series, { count }]) => [series, count]));
  const moved = { without: [...without.keys()], also: [...also] };
  const first = readEnd(source, filter, moved, unstored, 'oldest', BASELINE_UNITS, wanted, idOf);
  const latest = readEnd(source, filter, moved, unstored, 'newest', RECENT_UNITS, wanted, idOf);
  const names = delta.dictionaries.seriesNames(batch);
  return {
    measurements: [...sums]
      .sort(([, a], [, b]) => a.place - b.place)
      .flatMap(([series, own]) => {
        const named = names[series];
        if (named === undefined) return [];
        const values = (latest.get(series) ?? []).toReversed();
        return [toMeasuredSeries(named, own, first.get(series) ?? [], values)];
      }),
    measurementsLeftOut: Math.max(0, names.length - MAX_SERIES),
  };
}

/** The whole hours whose cells contain values that do not count, with their times: they are read run by run. */
function hoursOf(
  { stored }: FigureSource,
  { isWhole, fromHour, toHour }: FigureFilter,
  without: MovedRuns['without'],
): ReadonlyMap<number, { readonly fromMs: number; readonly toMs: number }> {
  const hours = [...without]
    .filter(([row]) => !isWhole && stored !== null && row <= stored.lastRow)
    .map(([, { startedAtMs }]) => Math.floor(startedAtMs / HOUR_MS))
    .filter((hour) => hour >= fromHour && hour < toHour);
  return new Map(hours.map((hour) => [hour, { fromMs: hour * HOUR_MS, toMs: (hour + 1) * HOUR_MS }]));
}

function storedCells(
  { database, stored }: FigureSource,
  filter: FigureFilter,
  exceptHours: readonly number[],
): string[] {
  const { range, isWhole, fromHour, toHour } = filter;
  if (stored === null) return [];
  if (isWhole)
    return database.figures.listSeriesCells({
      ...range,
      slot: EVERY_SLOT.slot,
      fromHour: WHOLE_BATCH_HOUR,
      toHour: WHOLE_BATCH_HOUR + 1,
    });
  if (fromHour >= toHour) return [];
  const slot = range.slot ?? (range.origins === null ? EVERY_SLOT.slot : null);
  return database.figures.listSeriesCells({ ...range, slot, fromHour, toHour }, exceptHours);
}

type MeasuredValues = readonly [row: number, values: readonly SeriesValue[]];

function readValues({ database, batch, delta }: FigureSource, runId: string): SeriesValue[] {
  return seriesValuesOf(database.yieldRuns.getDetail(runId)).filter(
    ({ names }) => delta.dictionaries.seriesIdOf(batch, names) < MAX_SERIES,
  );
}

/** All measured runs of a part of an hour. */
function* readAll(
  source: FigureSource,
  range: TimeRange,
  without: MovedRuns['without'],
): Generator<MeasuredValues> {
  for (let after = 0; ;) {
    const page = source.database.figures.listMeasured(range, {
      after,
      before: Number.MAX_SAFE_INTEGER,
      limit: PAGE_UNITS,
      order: 'oldest',
    });
    for (const { row, runId } of page) if (!without.has(row)) yield [row, readValues(source, runId)];
    const last = page.at(-1);
    // The rows behind a page that is not full were looked through for it.
    if (last === undefined || page.length < PAGE_UNITS) return;
    after = last.row;
  }
}

/**
 * The values at one end of a batch by series, at most `count` of each, the outermost first.
 *
 * @param unstored runs that are newer than all stored ones, oldest first
 * @param wanted how many values each series has
 */
function readEnd(
  source: FigureSource,
  filter: FigureFilter,
  moved: { readonly without: readonly number[]; readonly also: readonly number[] },
  unstored: {
    readonly runs: readonly MeasuredRunFact[];
    readonly valuesOf: (run: MeasuredRunFact) => readonly SeriesValue[];
  },
  order: 'oldest' | 'newest',
  count: number,
  wanted: ReadonlyMap<number, number>,
  idOf: (value: SeriesValue) => number,
): ReadonlyMap<number, RowValue[]> {
  const found = new Map<number, RowValue[]>();
  const take = (row: number, values: readonly SeriesValue[]): void => {
    for (const value of values) {
      const series = idOf(value);
      const list = found.get(series) ?? [];
      found.set(series, list);
      if (list.length < count) list.push({ row, value: value.measurement.value });
    }
  };
  const isComplete = (): boolean =>
    [...wanted].every(([series, total]) => (found.get(series)?.length ?? 0) >= Math.min(total, count));
  const takeUnstored = (runs: readonly MeasuredRunFact[]): void => {
    for (const run of runs) {
      if (isComplete()) return;
      take(run.row, unstored.valuesOf(run));
    }
  };
  if (order === 'newest') takeUnstored(unstored.runs.toReversed());
  let bound = order === 'oldest' ? 0 : Number.MAX_SAFE_INTEGER;
  for (let units = 0; units < MAX_END_UNITS && source.stored !== null && !isComplete();) {
    const limit = units === 0 ? count : PAGE_UNITS;
    const page = source.database.figures.listMeasured(
      timeRange(source.database, filter, source.stored, filter),
      {
        after: order === 'oldest' ? bound : 0,
        before: order === 'oldest' ? Number.MAX_SAFE_INTEGER : bound,
        limit,
        order,
        ...moved,
      },
    );
    for (const { row, runId } of page) take(row, readValues(source, runId));
    const last = page.at(-1);
    if (last === undefined || page.length < limit) break;
    units += page.length;
    bound = last.row;
  }
  if (order === 'oldest') takeUnstored(unstored.runs);
  return found;
}
