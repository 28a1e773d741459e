import { createFailurePareto, type ParetoItem } from './failure-pareto.ts';
import { createMeasuredSeriesList, type MeasuredSeries } from './measurement-series.ts';
import { createPhaseYields, type PhaseYield, rolledThroughput } from './phase-yield.ts';
import { createUnitIndex, addRun } from './unit-index.ts';
import { noUnits, share, tally, type UnitFigures } from './unit-figures.ts';
import { createYieldCurve, type YieldCurve } from './yield-curve.ts';
import { isReport, matches, type YieldFilter } from './yield-filter.ts';
import { isStationOutcome, type YieldRun, type YieldRunDetail } from './yield-run.ts';

/** The yields of WATS. Shares are 0 … 1, and `null` when there is nothing that they are a share of. */
export interface YieldFigures extends Readonly<UnitFigures> {
  /** Reports: finished runs inside of the filter, whatever unit they are of. */
  readonly runs: number;
  readonly passedRuns: number;
  /** Runs that name neither chip nor serial number: reports of no unit. */
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
  /** What `rty` is the product of. */
  readonly phases: readonly PhaseYield[];
  readonly pareto: readonly ParetoItem[];
  readonly measurements: readonly MeasuredSeries[];
  /** Places of measurements that there were too many of. */
  readonly measurementsLeftOut: number;
}

/**
 * Counts yield run by run. What it holds grows with the units and not with their runs, measurements or retests.
 *
 * Runs of all units belong in, also those outside of the filter: whether a unit counts is said by its first one. For
 * the figures their order does not matter; what is taken of "a unit's first run" (measurements, curve, phases) wants
 * the runs of one unit in the order of their rows.
 */
export interface YieldCount {
  /**
   * True when the run is a report inside of the filter.
   * @param detail what it is made of; left out, it counts for the figures only
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
    // What the station broke off says nothing about how units measure.
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
      if (!isReport(run, filter)) return false;
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
