import type { UnitRecord } from './unit-index.ts';

/** Units by the run in which they passed. Each number includes the one before, except the last. */
export interface UnitFigures {
  /** Units whose first run matches the filter. */
  units: number;
  /** Passed at the first run. */
  firstPass: number;
  /** Passed at the first or second. */
  secondPass: number;
  /** Passed at one of the first three. */
  thirdPass: number;
  /** Passed at the last run so far; less than `firstPass` when passed units were tested again and failed. */
  lastPass: number;
  /** Units with matching runs whose first run does not match the filter; not included in `units`. */
  unitsBegunOutside: number;
}

export function noUnits(): UnitFigures {
  return { units: 0, firstPass: 0, secondPass: 0, thirdPass: 0, lastPass: 0, unitsBegunOutside: 0 };
}

type Tallied = Pick<
  UnitRecord,
  'counted' | 'firstPassed' | 'lastPassed' | 'secondPassed' | 'seen' | 'thirdPassed'
>;

/** Adds a unit to the figures (`by` 1) or removes it (`by` −1); `by` more than 1 adds as many units like it. */
export function tally(figures: UnitFigures, unit: Tallied, by: number): void {
  if (!unit.counted) {
    if (unit.seen) figures.unitsBegunOutside += by;
    return;
  }
  const second = unit.firstPassed || unit.secondPassed;
  figures.units += by;
  if (unit.firstPassed) figures.firstPass += by;
  if (second) figures.secondPass += by;
  if (second || unit.thirdPassed) figures.thirdPass += by;
  if (unit.lastPassed) figures.lastPass += by;
}

/** `part / whole`; `null` when `whole` is 0. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
