import type { Outcome } from '#shared/domain/outcome.ts';
import type { Db } from './database.ts';
import { STATION_OUTCOMES } from './run-conditions.ts';

/** A finished run as its facts are made of it; `batch` is the row of its batch. */
export interface FactSourceRun {
  readonly row: number;
  readonly runId: string;
  readonly batch: number;
  readonly batchId: string;
  readonly slot: number;
  readonly station: string;
  readonly operator: string;
  readonly recipeHash: string;
  readonly outcome: Outcome;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly chip: number | null;
  readonly serial: string | null;
  readonly code: string | null;
  readonly phase: string | null;
  readonly step: string | null;
  readonly message: string | null;
  readonly measurement: unknown;
  readonly names: string;
}

/** One row of `run_fact`; see migration 161. */
export interface RunFact {
  readonly row: number;
  readonly batch: number;
  readonly slot: number;
  readonly origin: number;
  readonly outcome: number;
  readonly cause: number | null;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly unit: number | null;
  readonly state: number | null;
  readonly measured: 0 | 1;
  readonly names: string;
}

export interface BatchFact {
  readonly batch: number;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly runs: number;
  readonly passed: number;
  readonly notPassed: number;
  readonly lastEndedAtMs: number;
}

export interface OriginRow {
  readonly origin: number;
  readonly station: string;
  readonly operator: string;
  readonly recipeHash: string;
}
export interface CauseRow {
  readonly cause: number;
  readonly code: string;
  readonly phase: string;
  readonly step: string;
  readonly measurement: string | null;
}
export interface UnitStateRow {
  readonly state: number;
  readonly bits: number;
  readonly reached: number;
  readonly passed: number;
}
export interface PhaseRow {
  readonly bit: number;
  readonly phase: string;
  readonly place: number;
}
export interface SeriesRow {
  readonly series: number;
  readonly names: string;
}

interface PreviousRow {
  readonly row: number | null;
  readonly passed: number | null;
}

/** A run of the same unit before another. */
export interface PreviousRun {
  readonly row: number;
  readonly passed: boolean;
}

const SOURCE = `SELECT run.rowid AS row, run_id AS runId, batch.rowid AS batch, run.batch_id AS batchId, slot, station, operator,
    run.recipe_hash AS recipeHash, outcome, started_at AS startedAtMs, finished_at AS finishedAtMs, run.unit_id AS chip,
    run.serial_number AS serial, failure ->> 'code' AS code, failure ->> 'phase' AS phase, failure ->> 'step' AS step,
    failure ->> 'message' AS message, failure -> 'details' ->> 'measurement' AS measurement,
    upper(concat_ws(' ', run.serial_number, unit.chip_id, unit.id_text, triple.device_name)) AS names
  FROM run JOIN batch ON batch.batch_id = run.batch_id
    LEFT JOIN unit ON unit.unit_id = run.unit_id LEFT JOIN triple ON triple.triple_id = run.triple_id`;
const FACT = `SELECT row, batch, slot, origin, outcome, cause, started_at AS startedAtMs, finished_at AS finishedAtMs,
    unit, state, measured, '' AS names FROM run_fact`;

/** Facts of finished runs, as far as they are written, and what the next ones are made of. */
export function createRunFactRepository(db: Db) {
  const progress = db.prepare<[], number>('SELECT row FROM fact_progress').pluck();
  const setProgress = db.prepare('UPDATE fact_progress SET row = ?');
  // Without the plus SQLite would go through the table in the order of its rows, instead of the few in the index.
  const firstOpen = db
    .prepare<[], number | null>('SELECT min(+rowid) FROM run WHERE outcome IS NULL')
    .pluck();
  const last = db.prepare<[], number | null>('SELECT max(rowid) FROM run').pluck();
  // The plus keeps the index of batches away, which would want to sort.
  const ended = db.prepare<[number, number], FactSourceRun>(
    `${SOURCE} WHERE run.rowid > ? AND run.rowid <= ? AND outcome IS NOT NULL ORDER BY run.rowid`,
  );
  const endedOfBatch = db.prepare<[number, number, string], FactSourceRun>(
    `${SOURCE} WHERE run.rowid > ? AND run.rowid <= ? AND +run.batch_id = ? AND outcome IS NOT NULL ORDER BY run.rowid`,
  );
  const before = `+batch_id = ? AND outcome IS NOT NULL AND +rowid < ?`;
  const withChip = db
    .prepare<[number, string, number], number>(
      `SELECT rowid FROM run WHERE unit_id = ? AND ${before} ORDER BY started_at DESC LIMIT 1`,
    )
    .pluck();
  // The outcome that stands beside max() is that of its row.
  const previous = `SELECT max(rowid) AS row, outcome = 'PASS' AS passed FROM run`;
  const ofSerial = db.prepare<[string, string, number], PreviousRow>(
    `${previous} WHERE serial_number = ? AND ${before}`,
  );
  const ofChip = db.prepare<[number, string, number], PreviousRow>(
    `${previous} WHERE unit_id = ? AND serial_number IS NULL AND ${before}`,
  );
  const found = (previous: PreviousRow | undefined): PreviousRun | null =>
    previous === undefined || previous.row === null
      ? null
      : { row: previous.row, passed: previous.passed === 1 };
  const findPreviousOfSerial = (serial: string, batchId: string, row: number): PreviousRun | null =>
    found(ofSerial.get(serial, batchId, row));
  const fact = db.prepare<[number], RunFact>(`${FACT} WHERE row = ?`);
  const firstTested = db.prepare<[number, number], RunFact>(
    `${FACT} WHERE row >= ? AND unit = ? AND outcome NOT IN (${STATION_OUTCOMES}) ORDER BY row LIMIT 1`,
  );
  const batchRow = db.prepare<[string], number>('SELECT rowid FROM batch WHERE batch_id = ?').pluck();
  const batchFact = db.prepare<[number], BatchFact>(
    `SELECT batch, first_row AS firstRow, last_row AS lastRow, runs, passed, not_passed AS notPassed,
       last_ended_at AS lastEndedAtMs FROM batch_fact WHERE batch = ?`,
  );
  const origins = db.prepare<[], OriginRow>(
    'SELECT origin, station, operator, recipe_hash AS recipeHash FROM fact_origin',
  );
  const causes = db.prepare<[], CauseRow>('SELECT cause, code, phase, step, measurement FROM fact_cause');
  const states = db.prepare<[], UnitStateRow>('SELECT state, bits, reached, passed FROM fact_unit_state');
  const phases = db.prepare<[number], PhaseRow>('SELECT bit, phase, place FROM fact_phase WHERE batch = ?');
  const series = db.prepare<[number], SeriesRow>(
    'SELECT series, names FROM fact_series WHERE batch = ? ORDER BY series',
  );
  const seriesSums = db
    .prepare<[number, number, number, number], string>(
      'SELECT sums FROM series_cell WHERE batch = ? AND hour = ? AND slot = ? AND origin = ?',
    )
    .pluck();
  return {
    /** All runs until this row are in the facts. */
    getProgress: (): number => progress.get() ?? 0,
    setProgress: (row: number): void => void setProgress.run(row),
    /** The newest row whose facts can be written: no run before it is still running. */
    getLastReady(): number {
      const open = firstOpen.get() ?? null;
      return open === null ? (last.get() ?? 0) : open - 1;
    },
    getLastRow: (): number => last.get() ?? 0,
    /** Finished runs with rows after `after` and until `until`, in order; of one batch when it is given. */
    listEnded: (after: number, until: number, batchId: string | null = null): FactSourceRun[] =>
      batchId === null ? ended.all(after, until) : endedOfBatch.all(after, until, batchId),
    /** A finished run of the chip in the batch before this row; `null` when there is none. */
    findRowOfChip: (chip: number, batchId: string, row: number): number | null =>
      withChip.get(chip, batchId, row) ?? null,
    /** The latest finished run with this serial number in the batch before this row. */
    findPreviousOfSerial,
    /** Whether the unit's run before this row passed, as a work order counts units; `null` without such a run. */
    findPassedBefore({ serial, chip, batchId, row }: FactSourceRun): boolean | null {
      if (serial !== null) return findPreviousOfSerial(serial, batchId, row)?.passed ?? null;
      return chip === null ? null : (found(ofChip.get(chip, batchId, row))?.passed ?? null);
    },
    /** The facts of a run without its names; `null` when they are not written yet. */
    find: (row: number): RunFact | null => fact.get(row) ?? null,
    /** The first run of a unit that the station did not end; `null` when it has none with facts. */
    findFirstTested: (unit: number): RunFact | null => firstTested.get(unit, unit) ?? null,
    findBatchRow: (batchId: string): number | null => batchRow.get(batchId) ?? null,
    findBatch: (batch: number): BatchFact | null => batchFact.get(batch) ?? null,
    listOrigins: () => origins.all(),
    listCauses: () => causes.all(),
    listUnitStates: () => states.all(),
    listPhases: (batch: number) => phases.all(batch),
    listSeries: (batch: number) => series.all(batch),
    /** Sums of one cell as JSON. */
    getSeriesSums: (batch: number, hour: number, slot: number, origin: number): string | null =>
      seriesSums.get(batch, hour, slot, origin) ?? null,
  };
}
export type RunFactRepository = ReturnType<typeof createRunFactRepository>;
