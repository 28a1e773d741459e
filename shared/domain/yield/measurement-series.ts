import type { Capability } from './capability.ts';
import { BASELINE_UNITS, type Drift, driftOf, RECENT_UNITS } from './drift.ts';
import type { Histogram } from './histogram.ts';
import { type NumericMeasurement, type SeriesNames, SeriesSums, seriesValuesOf } from './series-sums.ts';
import type { YieldRun, YieldRunDetail } from './yield-run.ts';

/** The values of one measurement over the units of a batch, one value per unit. */
export interface MeasuredSeries {
  readonly phase: string;
  readonly step: string;
  readonly name: string;
  readonly unit: string | null;
  /** The position on a curve as text; `null` for a single value. */
  readonly at: string | null;
  readonly capability: Capability;
  /** True when each unit has its own limits, computed from its earlier values. */
  readonly relative: boolean;
  readonly histogram: Histogram;
  readonly drift: Drift;
  /** The latest values, oldest first. */
  readonly recent: readonly number[];
  /** The rows of their runs. */
  readonly recentRows: readonly number[];
}

/** A value with the row of its run. */
export interface RowValue {
  readonly row: number;
  readonly value: number;
}

/** The most series; further ones are left out, because a person cannot read the list of a curve of a thousand points. */
export const MAX_SERIES = 200;

export interface MeasuredSeriesList {
  /** Adds a unit's first run. */
  add(run: YieldRun, detail: YieldRunDetail): void;
  /** In the order of a run. */
  result(): MeasuredSeries[];
  /** Number of series that were left out. */
  readonly leftOut: number;
}

export function createMeasuredSeriesList(): MeasuredSeriesList {
  const known = new Map<string, ReturnType<typeof createSeries>>();
  const beyond = new Set<string>();
  return {
    add(run, detail) {
      for (const { names, measurement, place } of seriesValuesOf(detail)) {
        const key = JSON.stringify(names);
        let series = known.get(key);
        if (series === undefined && known.size < MAX_SERIES) {
          series = createSeries(names);
          known.set(key, series);
        }
        if (series === undefined) beyond.add(key);
        else series.add(run.row, measurement, place);
      }
    },
    result: () => [...known.values()].sort((a, b) => a.place - b.place).map((series) => series.result()),
    get leftOut() {
      return beyond.size;
    },
  };
}

function createSeries(names: SeriesNames) {
  const sums = new SeriesSums();
  const first: RowValue[] = [];
  const recent: RowValue[] = [];
  return {
    get place() {
      return sums.place;
    },
    add(row: number, measurement: NumericMeasurement, place: number): void {
      const { value } = measurement;
      sums.add(row, measurement, place);
      insert(first, { row, value });
      if (first.length > BASELINE_UNITS) first.pop();
      insert(recent, { row, value });
      if (recent.length > RECENT_UNITS) recent.shift();
    },
    result: () => toMeasuredSeries(names, sums, first, recent),
  };
}

/**
 * @param first the first values, at most `BASELINE_UNITS`
 * @param recent the latest values, oldest first, at most `RECENT_UNITS`
 */
export function toMeasuredSeries(
  [phase, step, name, unit, at]: SeriesNames,
  sums: SeriesSums,
  first: readonly RowValue[],
  recent: readonly RowValue[],
): MeasuredSeries {
  const { low, high } = sums.limits;
  const values = (list: readonly RowValue[]): number[] => list.map(({ value }) => value);
  return {
    phase,
    step,
    name,
    unit,
    at,
    capability: sums.capability(),
    relative: sums.relative,
    histogram: sums.histogram(),
    drift: driftOf(values(first), values(recent), low, high),
    recent: values(recent),
    recentRows: recent.map(({ row }) => row),
  };
}

/** Inserts by row. Runs end almost in the order of their rows, so that only a few items are passed. */
function insert(list: RowValue[], one: RowValue): void {
  let at = list.length;
  while (at > 0 && (list[at - 1]?.row ?? 0) > one.row) at -= 1;
  list.splice(at, 0, one);
}
