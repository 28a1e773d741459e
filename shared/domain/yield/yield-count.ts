import { createFailurePareto, type ParetoItem } from './failure-pareto.ts';
import { createMeasuredSeriesList, type MeasuredSeries } from './measurement-series.ts';
import { createPhaseYields, type PhaseYield, rolledThroughput } from './phase-yield.ts';
import { createUnitIndex, addRun } from './unit-index.ts';
import { noUnits, share, tally, type UnitFigures } from './unit-figures.ts';
import { createYieldCurve, type YieldCurve } from './yield-curve.ts';
import { isReport, matches, type YieldFilter } from './yield-filter.ts';
import { isStationOutcome, type YieldRun, type YieldRunDetail } from './yield-run.ts';

/** The yields of WATS. Shares are 0 … 1, and `null` for a share of 0. */
export interface YieldFigures extends Readonly<UnitFigures> {
  /** Reports: finished runs that match the filter, of all units. */
  readonly runs: number;
  readonly passedRuns: number;
  /** Runs with neither chip nor serial number. */
  readonly unnamedRuns: number;
  readonly fpy: number | null;
  readonly spy: number | null;
  readonly tpy: number | null;
  readonly lpy: number | null;
  readonly rty: number | null;
  readonly try: number | null;
}

export interface YieldResult {
  readonly figures: YieldFigures;
  /** The factors of `rty`. */
  readonly phases: readonly PhaseYield[];
  readonly pareto: readonly ParetoItem[];
  readonly measurements: readonly MeasuredSeries[];
  /** Number of measurement series that were left out. */
  readonly measurementsLeftOut: number;
}

/**
 * Counts yield run by run. Its memory grows with the number of units, not with runs, measurements or retests.
 *
 * All runs must be added, also those that do not match the filter: the first run of a unit decides whether the unit
 * counts. The figures do not depend on the order; measurements, curve and phases need the runs of one unit in the order of
 * their rows.
 */
export interface YieldCount {
  /**
   * Returns true when the run is a report that matches the filter.
   * @param detail its steps and measurements; without it the run counts for the figures only
   */
  add(run: YieldRun, detail?: YieldRunDetail | null): boolean;
  figures(): YieldFigures;
  pareto(): ParetoItem[];
  result(): YieldResult;
  readonly curve: Pick<YieldCurve, 'result' | 'latest'>;
}

export function createYieldCount(filter: YieldFilter = {}): YieldCount {
  const unitIndex = createUnitIndex();
  const units = noUnits();
  const phases = createPhaseYields();
  const pareto = createFailurePareto();
  const series = createMeasuredSeriesList();
  const curve = createYieldCurve();
  let [runs, passedRuns, unnamedRuns] = [0, 0, 0];

  function addToUnit(run: YieldRun, inside: boolean, detail: YieldRunDetail | null): void {
    const unit = unitIndex.of(run);
    if (unit === null) {
      if (inside) unnamedRuns += 1;
      return;
    }
    const isFirst = unit.firstRow === 0;
    tally(units, unit, -1);
    addRun(unit, run.row, run.outcome === 'PASS', inside);
    tally(units, unit, 1);
    if (!unit.counted) return;
    if (isFirst) curve.add(run.finishedAtMs, run.outcome === 'PASS');
    if (detail === null) return;
    phases.add(unit, run, detail.steps);
    // Runs that the station interrupted have no complete measurements.
    if (unit.measured || isStationOutcome(run.outcome) || run.outcome === 'TIMEOUT') return;
    unit.measured = true;
    series.add(run, detail);
  }

  function figures(): YieldFigures {
    const { firstPass, secondPass, thirdPass, lastPass } = units;
    return {
      ...units,
      runs,
      passedRuns,
      unnamedRuns,
      fpy: share(firstPass, units.units),
      spy: share(secondPass, units.units),
      tpy: share(thirdPass, units.units),
      lpy: share(lastPass, units.units),
      rty: rolledThroughput(phases.result().map(({ fpy }) => fpy)),
      try: share(passedRuns, runs),
    };
  }

  return {
    add(run, detail = null) {
      if (!isReport(run, filter)) {
        // It still says which chip a serial number belongs to, so that units are the same with every filter.
        unitIndex.of(run);
        return false;
      }
      const inside = matches(run, filter);
      if (inside) {
        runs += 1;
        if (run.outcome === 'PASS') passedRuns += 1;
        pareto.add(run, detail);
      }
      addToUnit(run, inside, detail);
      return inside;
    },
    figures,
    pareto: () => pareto.result(),
    result: () => ({
      figures: figures(),
      phases: phases.result(),
      pareto: pareto.result(),
      measurements: series.result(),
      measurementsLeftOut: series.leftOut,
    }),
    curve,
  };
}
