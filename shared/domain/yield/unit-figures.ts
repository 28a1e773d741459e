import type { UnitRecord } from './unit-index.ts';

/** Units by the run at which they had passed. Each is at least as large as the one before, except the last. */
export interface UnitFigures {
  /** Units whose first run lies inside of the filter. */
  units: number;
  /** Passed at the first run. */
  firstPass: number;
  /** Passed at the first or second. */
  secondPass: number;
  /** Passed at one of the first three. */
  thirdPass: number;
  /** Passed at the last run so far; below the first when units that had passed were run again and failed. */
  lastPass: number;
  /** Units with runs inside of the filter whose first run lies outside: not among `units`. */
  unitsBegunOutside: number;
}

export function noUnits(): UnitFigures {
  return { units: 0, firstPass: 0, secondPass: 0, thirdPass: 0, lastPass: 0, unitsBegunOutside: 0 };
}

/** Adds (`by` 1) or takes away (`by` −1) what a unit is worth as it stands. */
export function tally(figures: UnitFigures, unit: UnitRecord, by: 1 | -1): void {
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

/** A share of a whole, `null` of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
