import {
  asCounted,
  type CountedCause,
  createYieldCurve,
  hasBit,
  noUnits,
  type PhaseYield,
  rolledThroughput,
  share,
  tally,
  toPareto,
  type UnitState,
  type YieldCurve,
  type YieldFigures,
  type YieldFilter,
  type YieldResult,
} from '#shared/domain/yield/index.ts';
import type { CountedRuns, CountedUnits } from '../../core/database/index.ts';
import { ENDED_STEP_MS, type FirstRun } from './fact-delta.ts';
import type { FigureSource } from './figure-source.ts';
import { type FigureFilter, isEndedByStation, timeRange, toFigureFilter } from './figure-filter.ts';
import { readSeries } from './read-series.ts';
import { movedRuns, readTestedUnits, type TestedUnit } from './tested-units.ts';

/** The figures of a batch, with its curve. */
export interface BatchFigures extends YieldResult {
  readonly curve: Pick<YieldCurve, 'latest' | 'result'>;
}

/** Reads the figures of a batch. */
export function readFigures(source: FigureSource, yieldFilter: YieldFilter = {}): BatchFigures {
  const { database, batch, delta } = source;
  const filter = toFigureFilter(database, batch, yieldFilter, delta.dictionaries.origins.rows);
  const curve = createYieldCurve();
  const units = noUnits();
  const phases = phaseCounter(source);
  const ended = new Map<number, { units: number; passed: number }>();
  const addUnits = (state: UnitState, endedStep: number, count: number): void => {
    tally(units, asCounted(state), count);
    phases.add(state, count);
    const step = ended.get(endedStep) ?? { units: 0, passed: 0 };
    ended.set(endedStep, {
      units: step.units + count,
      passed: step.passed + (state.firstPassed ? count : 0),
    });
  };
  for (const one of countedUnits(source, filter))
    addUnits(delta.dictionaries.stateOf(one.state), one.ended, one.units);
  for (const { first, storedState, state } of delta.units.values()) {
    if (!filter.matches(first)) continue;
    const step = endedStepOf(first);
    if (storedState !== null) addUnits(delta.dictionaries.stateOf(storedState), step, -1);
    addUnits(state, step, 1);
  }
  const testedUnits = filter.tested ? readTestedUnits(source, filter) : [];
  for (const { all, tested } of testedUnits) {
    if (filter.matches(all.first)) addUnits(all.state, endedStepOf(all.first), -1);
    if (tested !== null && filter.matches(tested.first)) addUnits(tested.state, endedStepOf(tested.first), 1);
  }
  // Ascending, because the curve drops its oldest short intervals.
  for (const [step, count] of [...ended].sort(([a], [b]) => a - b)) {
    const failed = count.units - count.passed;
    if (count.passed > 0) curve.add(step * ENDED_STEP_MS, true, count.passed);
    if (failed > 0) curve.add(step * ENDED_STEP_MS, false, failed);
  }
  units.unitsBegunOutside = countBegunOutside(source, filter, testedUnits);
  const runs = countRuns(source, filter);
  const counted = phases.result();
  const figures: YieldFigures = {
    ...units,
    runs: runs.runs,
    passedRuns: runs.passedRuns,
    unnamedRuns: runs.unnamedRuns,
    fpy: share(units.firstPass, units.units),
    spy: share(units.secondPass, units.units),
    tpy: share(units.thirdPass, units.units),
    lpy: share(units.lastPass, units.units),
    rty: rolledThroughput(counted.map(({ fpy }) => fpy)),
    try: share(runs.passedRuns, runs.runs),
  };
  const series = readSeries(source, filter, movedRuns(testedUnits, filter));
  return { figures, phases: counted, pareto: toPareto(runs.causes), ...series, curve };
}

const endedStepOf = ({ finishedAtMs }: Pick<FirstRun, 'finishedAtMs'>): number =>
  Math.floor(finishedAtMs / ENDED_STEP_MS);

function countedUnits(source: FigureSource, filter: FigureFilter): readonly CountedUnits[] {
  const { database, batch, cache } = source;
  if (cache === undefined || !filter.isWhole) return readUnits(source, filter);
  return cache.units(batch, database.runFacts.getProgress(), () => readUnits(source, filter));
}

function readUnits({ database, stored }: FigureSource, filter: FigureFilter): CountedUnits[] {
  if (stored === null) return [];
  const { fromHour, toHour, edges } = filter;
  const { figures } = database;
  const whole = fromHour < toHour ? figures.listUnitCells({ ...filter.range, fromHour, toHour }) : [];
  return [
    ...whole,
    ...edges.flatMap((edge) => figures.countUnits(timeRange(database, filter, stored, edge))),
  ];
}

function phaseCounter({ batch, delta }: FigureSource) {
  const counts = [...delta.dictionaries.phasesOf(batch).values()].map(({ bit, phase, place }) => ({
    bit,
    phase,
    place,
    units: 0,
    firstPass: 0,
  }));
  return {
    add({ reached, passed }: UnitState, count: number): void {
      for (const phase of counts) {
        if (!hasBit(reached, phase.bit)) continue;
        phase.units += count;
        if (hasBit(passed, phase.bit)) phase.firstPass += count;
      }
    },
    result: (): PhaseYield[] =>
      counts
        .filter(({ units }) => units > 0)
        .sort((a, b) => a.place - b.place || (a.phase < b.phase ? -1 : 1))
        .map(({ phase, units, firstPass }) => ({ phase, units, firstPass, fpy: share(firstPass, units) })),
  };
}

interface RunCounts {
  readonly runs: number;
  readonly passedRuns: number;
  readonly unnamedRuns: number;
  readonly causes: readonly CountedCause[];
}

function countRuns({ database, stored, delta }: FigureSource, filter: FigureFilter): RunCounts {
  const { figures } = database;
  const { fromHour, toHour, edges } = filter;
  const inCells: readonly CountedRuns[] =
    stored === null
      ? []
      : [
          ...(fromHour < toHour ? figures.listRunCells({ ...filter.range, fromHour, toHour }) : []),
          ...edges.flatMap((edge) => figures.countRuns(timeRange(database, filter, stored, edge))),
        ];
  const inDelta: readonly CountedRuns[] = delta.runs
    .filter(({ fact }) => filter.matches(fact))
    .map(({ fact: { outcome, cause, unit, row } }) => ({
      outcome,
      cause: cause ?? 0,
      runs: 1,
      unnamed: Number(unit === null),
      firstRow: row,
      lastRow: row,
    }));
  const causes = new Map<number, CountedRuns>();
  let [runs, passedRuns, unnamedRuns] = [0, 0, 0];
  for (const one of [...inCells, ...inDelta]) {
    if (filter.tested && isEndedByStation(one)) continue;
    runs += one.runs;
    unnamedRuns += one.unnamed;
    if (one.outcome === 0) passedRuns += one.runs;
    else {
      const before = causes.get(one.cause) ?? { ...one, runs: 0 };
      causes.set(one.cause, {
        ...one,
        runs: before.runs + one.runs,
        firstRow: Math.min(before.firstRow, one.firstRow),
        lastRow: Math.max(before.lastRow, one.lastRow),
      });
    }
  }
  const messages = new Map(delta.runs.map(({ fact, message }) => [fact.row, message]));
  return {
    runs,
    passedRuns,
    unnamedRuns,
    causes: [...causes].flatMap(([id, { runs: failed, firstRow, lastRow }]) => {
      const cause = delta.dictionaries.causes.rows.get(id);
      if (cause === undefined) return [];
      const { code, phase, step, measurement } = cause;
      const example = messages.get(lastRow) ?? figures.getFailureMessage(lastRow);
      return [{ code, phase, step, measurement, runs: failed, firstRow, lastRow, example }];
    }),
  };
}

/** Units with matching runs whose first run does not match. */
function countBegunOutside(
  { database, stored, delta }: FigureSource,
  filter: FigureFilter,
  testedUnits: readonly TestedUnit[],
): number {
  if (filter.isWhole) return 0;
  const outside = new Set(
    stored === null ? [] : database.figures.listBegunOutside(timeRange(database, filter, stored, filter)),
  );
  for (const { fact, first } of delta.runs)
    if (first !== null && filter.matches(fact) && !filter.matches(first)) outside.add(first.row);
  for (const { unit, tested, isSeen } of testedUnits)
    if (isSeen && tested !== null && !filter.matches(tested.first)) outside.add(unit);
    else outside.delete(unit);
  return outside.size;
}
