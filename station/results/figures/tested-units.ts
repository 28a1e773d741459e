import { afterPhase, afterRun, NEW_UNIT, phasesOf, type UnitState } from '#shared/domain/yield/index.ts';
import { OUTCOMES } from '#shared/domain/outcome.ts';
import type { RunFact } from '../../core/database/index.ts';
import type { FirstRun } from './fact-delta.ts';
import { type FigureFilter, isEndedByStation } from './figure-filter.ts';
import type { FigureSource } from './figure-source.ts';

/** A unit of which the station ended a run: as all its runs count, and as only its tested runs count. */
export interface TestedUnit {
  readonly unit: number;
  readonly all: { readonly first: FirstRun; readonly state: UnitState };
  /** `null` without a tested run. */
  readonly tested: { readonly first: FirstRun; readonly state: UnitState } | null;
  /** One of its tested runs matches the filter. */
  readonly isSeen: boolean;
  /** The run whose measured values count; the same with all runs. */
  readonly measuredRow: number | null;
}

/** The units of which the station ended a run, which are few: the figures of all others are the same without such runs. */
export function readTestedUnits(source: FigureSource, filter: FigureFilter): TestedUnit[] {
  const { database, stored, delta } = source;
  const units = new Set(stored === null ? [] : database.figures.listStationUnits(stored));
  for (const { fact } of delta.runs) if (fact.unit !== null && isEndedByStation(fact)) units.add(fact.unit);
  if (units.size === 0) return [];
  const measured = new Set(delta.measured.map(({ row }) => row));
  const runs = new Map<number, RunFact[]>([...units].map((unit) => [unit, []]));
  const storedRuns = stored === null ? [] : database.figures.listRunsOfUnits(stored, [...units]);
  const added = delta.runs.map(
    ({ fact }) => ({ ...fact, measured: measured.has(fact.row) ? 1 : 0 }) as const,
  );
  for (const run of [...storedRuns, ...added]) if (run.unit !== null) runs.get(run.unit)?.push(run);
  return [...runs].flatMap(([unit, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const state = delta.units.get(unit)?.state ?? delta.dictionaries.stateOf(first.state ?? 0);
    const testedRuns = own.filter((run) => !isEndedByStation(run));
    const [testedFirst] = testedRuns;
    return [
      {
        unit,
        all: { first, state },
        tested: testedFirst === undefined ? null : { first: testedFirst, state: stateOf(source, testedRuns) },
        isSeen: testedRuns.some((run) => filter.matches(run)),
        measuredRow: own.find((run) => run.measured === 1)?.row ?? null,
      },
    ];
  });
}

/** How far a unit came by these runs. */
function stateOf({ database, batch, delta }: FigureSource, runs: readonly RunFact[]): UnitState {
  const ids = new Map(
    database.figures.listRunIds(runs.map(({ row }) => row)).map((one) => [one.row, one.runId]),
  );
  let state = NEW_UNIT;
  for (const { row, outcome: at } of runs) {
    const outcome = OUTCOMES[at] ?? 'ERROR';
    state = afterRun(state, outcome === 'PASS');
    for (const { phase, passed, place } of phasesOf(
      { outcome },
      database.yieldRuns.getSteps(ids.get(row) ?? ''),
    )) {
      const bit = delta.dictionaries.phaseBit(batch, phase, place);
      if (bit !== null) state = afterPhase(state, bit, passed);
    }
  }
  return state;
}

/** What only tested runs change in the measured values of a filter. */
export interface MovedRuns {
  /** Rows whose values count with all runs only, with the first run of their unit. */
  readonly without: ReadonlyMap<number, FirstRun>;
  /** Rows whose values count with tested runs only. */
  readonly also: ReadonlySet<number>;
}

export function movedRuns(units: readonly TestedUnit[], filter: FigureFilter): MovedRuns {
  const without = new Map<number, FirstRun>();
  const also = new Set<number>();
  for (const { all, tested, measuredRow } of units) {
    if (measuredRow === null) continue;
    const [was, is] = [filter.matches(all.first), tested !== null && filter.matches(tested.first)];
    if (was && !is) without.set(measuredRow, all.first);
    if (is && !was) also.add(measuredRow);
  }
  return { without, also };
}
