import {
  addValue,
  type Capability,
  capabilityOf,
  mergeMoments,
  type Moments,
  noMoments,
  relativeCapability,
} from './capability.ts';
import { createHistogram, type Histogram, type HistogramState } from './histogram.ts';
import { isLastAttempt } from './phase-yield.ts';
import type { YieldMeasurement, YieldRunDetail } from './yield-run.ts';

/**
 * Values beyond it are in no sum: no instrument measures them, a broken script returns them, and their squares would be
 * infinite for all other values, too.
 */
const MAX_MAGNITUDE = 1e100;

/** A measurement with a number and a numeric limit. */
export type NumericMeasurement = YieldMeasurement & { readonly value: number };

/** Names of a series: phase, step, name, unit, and the position on a curve. */
export type SeriesNames = readonly [
  phase: string,
  step: string,
  name: string,
  unit: string | null,
  at: string | null,
];

export interface SeriesValue {
  readonly names: SeriesNames;
  readonly measurement: NumericMeasurement;
  /** Where it stands in a run. */
  readonly place: number;
}

/** The values of a run that capability is computed from: those of the last attempts of steps. */
export function seriesValuesOf({ steps, measurements }: YieldRunDetail): SeriesValue[] {
  const final = new Map(
    steps.filter((_, index) => isLastAttempt(steps, index)).map((step) => [step.seq, step]),
  );
  return measurements.flatMap((measurement, index) => {
    const step = final.get(measurement.stepSeq);
    if (step === undefined || !isCapable(measurement)) return [];
    const { name, unit, at } = measurement;
    return [
      {
        names: [step.phase, step.step, name, unit, at] as const,
        measurement,
        place: step.seq * 10_000 + index,
      },
    ];
  });
}

function isCapable(measurement: YieldMeasurement): measurement is NumericMeasurement {
  const { value, low, high } = measurement;
  if (typeof value !== 'number' || (low === null && high === null)) return false;
  return [value, low ?? 0, high ?? 0].every((one) => Math.abs(one) <= MAX_MAGNITUDE);
}

/** The content of `SeriesSums` as JSON. */
export interface SeriesSumsState {
  readonly place: number;
  readonly relative: boolean;
  /** n, mean, sum of squares, minimum and maximum; `null` without a value. */
  readonly values: MomentsState | null;
  readonly below: MomentsState | null;
  readonly above: MomentsState | null;
  /** The latest limits and their run. */
  readonly limits: readonly [row: number, low: number | null, high: number | null] | null;
  readonly histogram: HistogramState;
}
type MomentsState = readonly [n: number, mean: number, squares: number, min: number, max: number];

/** Sums of the values of one measurement over units, which can be merged and do not grow with the units. */
export class SeriesSums {
  readonly #values = noMoments();
  readonly #below = noMoments();
  readonly #above = noMoments();
  readonly #histogram = createHistogram();
  #relative = false;
  #limits: SeriesSumsState['limits'] = null;
  #place = 0;

  /** Where it stands in a run, at the latest. */
  get place(): number {
    return this.#place;
  }
  get count(): number {
    return this.#values.n;
  }
  get relative(): boolean {
    return this.#relative;
  }
  /** The latest limits; `null` for limits that differ per unit. */
  get limits(): { readonly low: number | null; readonly high: number | null } {
    const [, low, high] = this.#relative ? [0, null, null] : (this.#limits ?? [0, null, null]);
    return { low, high };
  }

  add(row: number, { value, low, high, relative }: NumericMeasurement, place: number): void {
    this.#relative ||= relative;
    if (low !== null) addValue(this.#below, value - low);
    if (high !== null) addValue(this.#above, high - value);
    addValue(this.#values, value);
    this.#histogram.add(value);
    this.#setLimits([row, low, high]);
    this.#place = Math.max(this.#place, place);
  }

  merge(state: SeriesSumsState): void {
    this.#relative ||= state.relative;
    mergeState(this.#values, state.values);
    mergeState(this.#below, state.below);
    mergeState(this.#above, state.above);
    this.#histogram.merge(state.histogram);
    if (state.limits !== null) this.#setLimits(state.limits);
    this.#place = Math.max(this.#place, state.place);
  }

  capability(): Capability {
    const { low, high } = this.limits;
    return this.#relative
      ? relativeCapability(this.#values, this.#below, this.#above)
      : capabilityOf(this.#values, low, high);
  }

  histogram(): Histogram {
    return this.#histogram.result();
  }

  state(): SeriesSumsState {
    return {
      place: this.#place,
      relative: this.#relative,
      values: toState(this.#values),
      below: toState(this.#below),
      above: toState(this.#above),
      limits: this.#limits,
      histogram: this.#histogram.state(),
    };
  }

  #setLimits(limits: NonNullable<SeriesSumsState['limits']>): void {
    if (this.#limits === null || limits[0] >= this.#limits[0]) this.#limits = limits;
  }
}

function toState({ n, mean, squares, min, max }: Moments): MomentsState | null {
  return n === 0 ? null : [n, mean, squares, min, max];
}

function mergeState(moments: Moments, state: MomentsState | null): void {
  if (state === null) return;
  const [n, mean, squares, min, max] = state;
  mergeMoments(moments, { n, mean, squares, min, max });
}
