import {
  BASELINE_UNITS,
  MAX_SERIES,
  type MeasuredSeries,
  RECENT_UNITS,
  SeriesSums,
  type SeriesValue,
  seriesValuesOf,
  toMeasuredSeries,
} from '#shared/domain/yield/index.ts';
import type { TimeRange } from '../../core/database/index.ts';
import { type FigureFilter, timeRange } from './figure-filter.ts';
import type { FigureSource } from './figure-source.ts';
import { EVERY_SLOT, parseSums, WHOLE_BATCH_HOUR } from './store-facts.ts';

/** Units that are read for the first and the latest values, at most; a measurement that few units have may have fewer. */
const MAX_END_UNITS = 400;
const PAGE_UNITS = 100;

/** The measurements of a batch, in the order of a run. */
export function readSeries(
  source: FigureSource,
  filter: FigureFilter,
): { readonly measurements: MeasuredSeries[]; readonly measurementsLeftOut: number } {
  const { batch, delta } = source;
  const sums = new Map<number, SeriesSums>();
  const sumsOf = (series: number): SeriesSums => {
    const known = sums.get(series) ?? new SeriesSums();
    sums.set(series, known);
    return known;
  };
  for (const text of storedCells(source, filter))
    for (const [series, state] of Object.entries(parseSums(text))) sumsOf(Number(series)).merge(state);
  const idOf = ({ names }: SeriesValue): number => delta.dictionaries.seriesIdOf(batch, names);
  const add = (row: number, values: readonly SeriesValue[]): void => {
    for (const value of values) sumsOf(idOf(value)).add(row, value.measurement, value.place);
  };
  if (source.stored !== null)
    for (const edge of filter.edges)
      for (const [row, values] of readAll(source, timeRange(filter, source.stored, edge))) add(row, values);
  const recent = delta.measured.filter(({ first }) => filter.matches(first));
  for (const { row, values } of recent) add(row, values);

  const wanted = new Map([...sums].map(([series, { count }]) => [series, count]));
  const runs = recent.map(({ row, values }) => [row, values] as const);
  const first = readEnd(source, filter, runs, 'oldest', BASELINE_UNITS, wanted, idOf);
  const latest = readEnd(source, filter, runs, 'newest', RECENT_UNITS, wanted, idOf);
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

function storedCells({ database, stored }: FigureSource, filter: FigureFilter): string[] {
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
  return database.figures.listSeriesCells({ ...range, slot, fromHour, toHour });
}

type MeasuredValues = readonly [row: number, values: readonly SeriesValue[]];

function readValues({ database, batch, delta }: FigureSource, runId: string): SeriesValue[] {
  return seriesValuesOf(database.yieldRuns.getDetail(runId)).filter(
    ({ names }) => delta.dictionaries.seriesIdOf(batch, names) < MAX_SERIES,
  );
}

/** All measured runs of a part of an hour. */
function* readAll(source: FigureSource, range: TimeRange): Generator<MeasuredValues> {
  for (let after = 0; ;) {
    const page = source.database.figures.listMeasured(range, {
      after,
      before: Number.MAX_SAFE_INTEGER,
      limit: PAGE_UNITS,
      order: 'oldest',
    });
    for (const { row, runId } of page) yield [row, readValues(source, runId)];
    const last = page.at(-1);
    if (last === undefined) return;
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
  unstored: readonly MeasuredValues[],
  order: 'oldest' | 'newest',
  count: number,
  wanted: ReadonlyMap<number, number>,
  idOf: (value: SeriesValue) => number,
): ReadonlyMap<number, number[]> {
  const found = new Map<number, number[]>();
  const take = (values: readonly SeriesValue[]): void => {
    for (const value of values) {
      const series = idOf(value);
      const list = found.get(series) ?? [];
      found.set(series, list);
      if (list.length < count) list.push(value.measurement.value);
    }
  };
  const isComplete = (): boolean =>
    [...wanted].every(([series, total]) => (found.get(series)?.length ?? 0) >= Math.min(total, count));
  if (order === 'newest') for (const [, values] of unstored.toReversed()) take(values);
  let bound = order === 'oldest' ? 0 : Number.MAX_SAFE_INTEGER;
  for (let units = 0; units < MAX_END_UNITS && source.stored !== null && !isComplete();) {
    const page = source.database.figures.listMeasured(timeRange(filter, source.stored, filter), {
      after: order === 'oldest' ? bound : 0,
      before: order === 'oldest' ? Number.MAX_SAFE_INTEGER : bound,
      limit: units === 0 ? count : PAGE_UNITS,
      order,
    });
    for (const { runId } of page) take(readValues(source, runId));
    const last = page.at(-1);
    if (last === undefined) break;
    units += page.length;
    bound = last.row;
  }
  if (order === 'oldest') for (const [, values] of unstored) take(values);
  return found;
}
