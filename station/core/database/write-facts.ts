import type { Db } from './database.ts';
import type {
  BatchFact,
  CauseRow,
  OriginRow,
  PhaseRow,
  RunFact,
  SeriesRow,
  UnitStateRow,
} from './run-facts.ts';

export interface UnitCell {
  readonly batch: number;
  readonly hour: number;
  readonly slot: number;
  readonly origin: number;
  readonly ended: number;
  readonly state: number;
  readonly units: number;
}
export interface RunCell {
  readonly batch: number;
  readonly hour: number;
  readonly slot: number;
  readonly origin: number;
  readonly outcome: number;
  readonly cause: number;
  readonly runs: number;
  readonly unnamed: number;
  readonly firstRow: number;
  readonly lastRow: number;
}
export interface SeriesCell {
  readonly batch: number;
  readonly hour: number;
  readonly slot: number;
  readonly origin: number;
  readonly sums: string;
}

/** The tables of facts and figures, without their progress. */
export const FACT_TABLES = [
  'fact_origin',
  'fact_cause',
  'fact_unit_state',
  'fact_phase',
  'fact_series',
  'run_fact',
  'batch_fact',
  'unit_cell',
  'run_cell',
  'duration_cell',
  'series_cell',
] as const;
export type FactTable = (typeof FACT_TABLES)[number];

/** Returns the function that removes all facts, so that they are written anew from the records; call it in a transaction. */
export function createFactClearer(db: Db): () => void {
  const clear = FACT_TABLES.map((table) => db.prepare(`DELETE FROM ${table}`));
  const begin = db.prepare('UPDATE fact_progress SET row = 0');
  return () => {
    for (const statement of [...clear, begin]) statement.run();
  };
}

/** New facts, and what they add to the figures. */
export interface NewFacts {
  readonly facts: readonly RunFact[];
  readonly origins: readonly OriginRow[];
  readonly causes: readonly CauseRow[];
  readonly states: readonly UnitStateRow[];
  readonly phases: readonly (PhaseRow & { readonly batch: number })[];
  readonly series: readonly (SeriesRow & { readonly batch: number })[];
  /** New states of units whose first run is in the facts already. */
  readonly unitStates: readonly { readonly row: number; readonly state: number }[];
  /** To add to the cells. */
  readonly unitCells: readonly UnitCell[];
  readonly runCells: readonly RunCell[];
  readonly durations: readonly { readonly batch: number; readonly duration: number; readonly runs: number }[];
  /** The whole content of the cells. */
  readonly seriesCells: readonly SeriesCell[];
  readonly batches: readonly BatchFact[];
}

/** Returns the function that writes new facts; call it in a transaction. */
export function createFactWriter(db: Db): (facts: NewFacts) => void {
  const fact = db.prepare(`INSERT INTO run_fact
    (row, batch, slot, origin, outcome, cause, started_at, finished_at, unit, state, measured, names)
    VALUES (:row, :batch, :slot, :origin, :outcome, :cause, :startedAtMs, :finishedAtMs, :unit, :state, :measured, :names)`);
  const origin = db.prepare('INSERT INTO fact_origin VALUES (:origin, :station, :operator, :recipeHash)');
  const cause = db.prepare('INSERT INTO fact_cause VALUES (:cause, :code, :phase, :step, :measurement)');
  const state = db.prepare('INSERT INTO fact_unit_state VALUES (:state, :bits, :reached, :passed)');
  const phase = db.prepare('INSERT OR REPLACE INTO fact_phase VALUES (:batch, :bit, :phase, :place)');
  const series = db.prepare('INSERT INTO fact_series VALUES (:batch, :series, :names)');
  const unitState = db.prepare('UPDATE run_fact SET state = :state WHERE row = :row');
  const unitCell = db.prepare(`INSERT INTO unit_cell
    VALUES (:batch, :hour, :slot, :origin, :ended, :state, :units)
    ON CONFLICT DO UPDATE SET units = units + excluded.units`);
  const runCell = db.prepare(`INSERT INTO run_cell
    VALUES (:batch, :hour, :slot, :origin, :outcome, :cause, :runs, :unnamed, :firstRow, :lastRow)
    ON CONFLICT DO UPDATE SET runs = runs + excluded.runs, unnamed = unnamed + excluded.unnamed,
      first_row = min(first_row, excluded.first_row), last_row = max(last_row, excluded.last_row)`);
  const duration = db.prepare(`INSERT INTO duration_cell VALUES (:batch, :duration, :runs)
    ON CONFLICT DO UPDATE SET runs = runs + excluded.runs`);
  const seriesCell = db.prepare(
    'INSERT OR REPLACE INTO series_cell VALUES (:batch, :hour, :slot, :origin, :sums)',
  );
  const batch = db.prepare(`INSERT OR REPLACE INTO batch_fact
    VALUES (:batch, :firstRow, :lastRow, :runs, :passed, :notPassed, :lastEndedAtMs)`);
  return (facts) => {
    for (const row of facts.origins) origin.run(row);
    for (const row of facts.causes) cause.run(row);
    for (const row of facts.states) state.run(row);
    for (const row of facts.phases) phase.run(row);
    for (const row of facts.series) series.run(row);
    for (const row of facts.facts) fact.run(row);
    for (const row of facts.unitStates) unitState.run(row);
    for (const row of facts.unitCells) unitCell.run(row);
    for (const row of facts.runCells) runCell.run(row);
    for (const row of facts.durations) duration.run(row);
    for (const row of facts.seriesCells) seriesCell.run(row);
    for (const row of facts.batches) batch.run(row);
  };
}
