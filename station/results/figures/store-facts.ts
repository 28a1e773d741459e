import { SeriesSums, type SeriesSumsState } from '#shared/domain/yield/index.ts';
import type { NewFacts, ReadableDatabase, RunCell, SeriesCell, UnitCell } from '../../core/database/index.ts';
import { ENDED_STEP_MS, type FactDelta, type FirstRun, HOUR_MS } from './fact-delta.ts';

/** The sums of a cell by the numbers of its series. */
export type StoredSums = Readonly<Record<string, SeriesSumsState>>;

/** The hour of the cell with all values of a batch; before the hour of any run. */
export const WHOLE_BATCH_HOUR = -3_000_000_000;

/** Where the cells with the values of all slots and origins are. */
export const EVERY_SLOT = { slot: 0, origin: 0 };

/** The rows that a delta writes. */
export function toNewFacts(database: Pick<ReadableDatabase, 'runFacts'>, delta: FactDelta): NewFacts {
  const { dictionaries, units, runs, batches } = delta;
  const unitCells = new Map<string, UnitCell>();
  const stateIds = new Map<number, number>();
  const unitStates: { row: number; state: number }[] = [];
  for (const [row, { first, isNew, storedState, state }] of units) {
    const id = dictionaries.stateIdOf(state);
    stateIds.set(row, id);
    if (id === storedState) continue;
    if (!isNew) unitStates.push({ row, state: id });
    if (storedState !== null) addToUnitCell(unitCells, first, storedState, -1);
    addToUnitCell(unitCells, first, id, 1);
  }
  const runCells = new Map<string, RunCell>();
  const durations = new Map<string, NewFacts['durations'][number]>();
  for (const { fact } of runs) {
    const { batch, slot, origin, outcome, cause, startedAtMs, finishedAtMs, unit, row } = fact;
    const hour = Math.floor(startedAtMs / HOUR_MS);
    const key = [batch, hour, slot, origin, outcome, cause ?? 0].join('/');
    const cell = runCells.get(key);
    runCells.set(key, {
      batch,
      hour,
      slot,
      origin,
      outcome,
      cause: cause ?? 0,
      runs: (cell?.runs ?? 0) + 1,
      unnamed: (cell?.unnamed ?? 0) + Number(unit === null),
      firstRow: cell?.firstRow ?? row,
      lastRow: row,
    });
    if (outcome !== 0) continue;
    const duration = tenthsOf(finishedAtMs - startedAtMs);
    const name = `${batch}/${duration}`;
    durations.set(name, { batch, duration, runs: (durations.get(name)?.runs ?? 0) + 1 });
  }
  return {
    facts: runs.map(({ fact }) =>
      fact.unit === fact.row ? { ...fact, state: stateIds.get(fact.row) ?? null } : fact,
    ),
    unitCells: [...unitCells.values()],
    runCells: [...runCells.values()],
    durations: [...durations.values()],
    seriesCells: seriesCellsOf(database, delta),
    unitStates,
    batches: [...batches.values()],
    // The last ones: what was looked up above may have made new numbers.
    origins: dictionaries.origins.added,
    causes: dictionaries.causes.added,
    states: dictionaries.addedStates,
    phases: dictionaries.addedPhases,
    series: dictionaries.addedSeries,
  };
}

export function tenthsOf(ms: number): number {
  return Math.trunc(ms / 100);
}

function addToUnitCell(cells: Map<string, UnitCell>, first: FirstRun, state: number, by: 1 | -1): void {
  const { batch, slot, origin, startedAtMs, finishedAtMs } = first;
  const hour = Math.floor(startedAtMs / HOUR_MS);
  const ended = Math.floor(finishedAtMs / ENDED_STEP_MS);
  const key = [batch, hour, slot, origin, ended, state].join('/');
  const units = (cells.get(key)?.units ?? 0) + by;
  cells.set(key, { batch, hour, slot, origin, ended, state, units });
}

function seriesCellsOf(
  database: Pick<ReadableDatabase, 'runFacts'>,
  { measured, dictionaries }: FactDelta,
): SeriesCell[] {
  const cells = new Map<string, Omit<SeriesCell, 'sums'> & { readonly sums: Map<number, SeriesSums> }>();
  for (const { row, first, values } of measured) {
    if (values === null) throw new Error(`the values of run ${row} were not kept`);
    const { batch, slot, origin, startedAtMs } = first;
    const hour = Math.floor(startedAtMs / HOUR_MS);
    for (const place of [
      { batch, hour, slot, origin },
      { batch, hour, ...EVERY_SLOT },
      { batch, hour: WHOLE_BATCH_HOUR, ...EVERY_SLOT },
    ]) {
      const key = Object.values(place).join('/');
      const cell = cells.get(key) ?? { ...place, sums: new Map<number, SeriesSums>() };
      cells.set(key, cell);
      for (const { names, measurement, place: at } of values) {
        const series = dictionaries.seriesIdOf(batch, names);
        const sums = cell.sums.get(series) ?? new SeriesSums();
        cell.sums.set(series, sums);
        sums.add(row, measurement, at);
      }
    }
  }
  return [...cells.values()].map(({ sums, ...place }) => {
    const { batch, hour, slot, origin } = place;
    const stored = parseSums(database.runFacts.getSeriesSums(batch, hour, slot, origin));
    const merged: Record<string, SeriesSumsState> = { ...stored };
    for (const [series, added] of sums) {
      const before = stored[series];
      const whole = new SeriesSums();
      if (before !== undefined) whole.merge(before);
      whole.merge(added.state());
      merged[series] = whole.state();
    }
    return { ...place, sums: JSON.stringify(merged) };
  });
}

export function parseSums(text: string | null): StoredSums {
  return text === null ? {} : (JSON.parse(text) as StoredSums);
}
