import type { YieldRun } from './yield-run.ts';

/** The data of a unit, of constant size for any number of runs. Rows are 0 while there is no such run. */
export interface UnitRecord {
  chip: string | number | null;
  firstRow: number;
  secondRow: number;
  thirdRow: number;
  lastRow: number;
  firstPassed: boolean;
  secondPassed: boolean;
  thirdPassed: boolean;
  lastPassed: boolean;
  /** Its first run matches the filter: the unit is counted with all its runs. */
  counted: boolean;
  /** One of its runs matches the filter. */
  seen: boolean;
  /** The phases that it reached, one bit each. */
  phases: number;
  /** The measurements of one of its runs are counted. */
  measured: boolean;
}

/**
 * Finds the unit of a run: by its chip, or by its serial number while the chip is unknown. A run with both connects them:
 * the unit known by its serial number gets the chip, so that a unit that did not answer at first is the same unit when it
 * answers later. A serial number that is used with another chip belongs to that chip from then on.
 */
export interface UnitIndex {
  /** The unit of a run, a new one if necessary; `null` for a run with neither chip nor serial number. */
  of(run: Pick<YieldRun, 'chip' | 'serial'>): UnitRecord | null;
}

export function createUnitIndex(): UnitIndex {
  const byChip = new Map<string | number, UnitRecord>();
  const bySerial = new Map<string, UnitRecord>();

  function ofChip(chip: string | number, serial: string | null): UnitRecord {
    const known = byChip.get(chip);
    if (known !== undefined) return known;
    const numbered = serial === null ? undefined : bySerial.get(serial);
    const unit = numbered?.chip === null ? numbered : newUnit();
    unit.chip = chip;
    byChip.set(chip, unit);
    return unit;
  }

  return {
    of({ chip, serial }) {
      if (chip === null && serial === null) return null;
      const unit = chip === null ? (bySerial.get(serial ?? '') ?? newUnit()) : ofChip(chip, serial);
      if (serial !== null) bySerial.set(serial, unit);
      return unit;
    },
  };
}

function newUnit(): UnitRecord {
  return {
    chip: null,
    firstRow: 0,
    secondRow: 0,
    thirdRow: 0,
    lastRow: 0,
    firstPassed: false,
    secondPassed: false,
    thirdPassed: false,
    lastPassed: false,
    counted: false,
    seen: false,
    phases: 0,
    measured: false,
  };
}

/** Adds a run to the unit's first three runs and its last one; runs may be added in any order. */
export function addRun(unit: UnitRecord, row: number, passed: boolean, inside: boolean): void {
  if (inside) unit.seen = true;
  if (row > unit.lastRow) {
    unit.lastRow = row;
    unit.lastPassed = passed;
  }
  if (unit.firstRow === 0 || row < unit.firstRow) {
    shiftThird(unit);
    unit.secondRow = unit.firstRow;
    unit.secondPassed = unit.firstPassed;
    unit.firstRow = row;
    unit.firstPassed = passed;
    unit.counted = inside;
  } else if (row !== unit.firstRow && (unit.secondRow === 0 || row < unit.secondRow)) {
    shiftThird(unit);
    unit.secondRow = row;
    unit.secondPassed = passed;
  } else if (row > unit.secondRow && (unit.thirdRow === 0 || row < unit.thirdRow)) {
    unit.thirdRow = row;
    unit.thirdPassed = passed;
  }
}

function shiftThird(unit: UnitRecord): void {
  unit.thirdRow = unit.secondRow;
  unit.thirdPassed = unit.secondPassed;
}
