import { addValue, type Capability, capabilityOf, noMoments, relativeCapability } from './capability.ts';
import { BASELINE_UNITS, type Drift, driftOf, RECENT_UNITS } from './drift.ts';
import { createHistogram, type Histogram } from './histogram.ts';
import { isLastAttempt } from './phase-yield.ts';
import type { YieldMeasurement, YieldRun, YieldRunDetail } from './yield-run.ts';

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
}

/** The most series; further ones are left out, because a person cannot read the list of a curve of a thousand points. */
const MAX_SERIES = 200;

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
    add(run, { steps, measurements }) {
      const final = new Map(
        steps.filter((_, index) => isLastAttempt(steps, index)).map((step) => [step.seq, step]),
      );
      for (const [index, measurement] of measurements.entries()) {
        const step = final.get(measurement.stepSeq);
        if (step === undefined || !isCapable(measurement)) continue;
        const { name, unit, at } = measurement;
        const key = JSON.stringify([step.phase, step.step, name, unit, at]);
        let series = known.get(key);
        if (series === undefined && known.size < MAX_SERIES) {
          series = createSeries({ phase: step.phase, step: step.step, name, unit, at });
          known.set(key, series);
        }
        if (series === undefined) beyond.add(key);
        else series.add(run.row, measurement, step.seq * 10_000 + index);
      }
    },
    result: () => [...known.values()].sort((a, b) => a.place - b.place).map((series) => series.result()),
    get leftOut() {
      return beyond.size;
    },
  };
}

type NumericMeasurement = YieldMeasurement & { readonly value: number };

function isCapable(measurement: YieldMeasurement): measurement is NumericMeasurement {
  const { value, low, high } = measurement;
  return typeof value === 'number' && Number.isFinite(value) && (low !== null || high !== null);
}

interface Kept {
  readonly row: number;
  readonly value: number;
}

function createSeries(names: Pick<MeasuredSeries, 'phase' | 'step' | 'name' | 'unit' | 'at'>) {
  const moments = noMoments();
  const [below, above] = [noMoments(), noMoments()];
  let relative = false;
  const histogram = createHistogram();
  const first: Kept[] = [];
  const recent: Kept[] = [];
  let limits: { readonly row: number; readonly low: number | null; readonly high: number | null } | null =
    null;
  const values = (list: readonly Kept[]): number[] => list.map(({ value }) => value);
  const series = {
    place: 0,
    add(row: number, measurement: NumericMeasurement, place: number): void {
      const { value, low, high } = measurement;
      relative ||= measurement.relative;
      if (low !== null) addValue(below, value - low);
      if (high !== null) addValue(above, high - value);
      addValue(moments, value);
      histogram.add(value);
      insert(first, { row, value });
      if (first.length > BASELINE_UNITS) first.pop();
      insert(recent, { row, value });
      if (recent.length > RECENT_UNITS) recent.shift();
      // The latest limits are used.
      if (limits === null || row >= limits.row) limits = { row, low, high };
      series.place = Math.max(series.place, place);
    },
    result(): MeasuredSeries {
      const { low = null, high = null } = relative ? {} : (limits ?? {});
      return {
        ...names,
        capability: relative ? relativeCapability(moments, below, above) : capabilityOf(moments, low, high),
        relative,
        histogram: histogram.result(),
        drift: driftOf(values(first), values(recent), low, high),
        recent: values(recent),
      };
    },
  };
  return series;
}

/** Inserts by row. Runs end almost in the order of their rows, so that only a few items are passed. */
function insert(list: Kept[], one: Kept): void {
  let at = list.length;
  while (at > 0 && (list[at - 1]?.row ?? 0) > one.row) at -= 1;
  list.splice(at, 0, one);
}
