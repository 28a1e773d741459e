import type { YieldRun } from './yield-run.ts';

/** All that is kept of a unit, however many runs it has. Rows are 0 while there is no such run. */
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
  /** Its first run lies inside of the filter: it is counted, with all its runs. */
  counted: boolean;
  /** One of its runs lies inside of the filter. */
  seen: boolean;
  /** The phases that it has been through, a bit each. */
  phases: number;
  /** A run of it has been measured already. */
  measured: boolean;
}

/**
 * Knows which runs are of one unit. A unit is its chip; while the chip is not known, its serial number. A run that
 * names both ties them: what was a number only becomes that chip, so that a unit that was silent at first is the one
 * that answers later. A number that moves on to another chip belongs to the later one from then on.
 */
export interface UnitIndex {
  /** The unit of a run, a new one if need be; `null` for a run with neither chip nor number, which is nobody's. */
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

/** Puts a run in its place among the unit's first three and its last; the order in which they come does not matter. */
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
