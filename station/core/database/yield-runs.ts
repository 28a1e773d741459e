import type { Outcome } from '#shared/domain/outcome.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { YieldMeasurement, YieldRun, YieldRunDetail, YieldStep } from '#shared/domain/yield/index.ts';
import type { Db } from './database.ts';
import { createRunSnapshots } from './run-snapshots.ts';
import type { CurvePoint } from './runs.ts';

/** A finished run with its id, to read its details. */
export interface YieldRunRow extends YieldRun {
  readonly runId: string;
}

/** The position of a run in its table. */
export interface RunCursor {
  readonly row: number;
  readonly startedAtMs: number;
}

interface RawYieldRun extends Omit<YieldRunRow, 'failure'> {
  readonly code: string | null;
  readonly phase: string | null;
  readonly step: string | null;
  readonly message: string | null;
  readonly measurement: unknown;
}

/**
 * Finished runs in the order of their rows, and their details. A page is a range of rows and not a number of runs, so that every page
 * costs the same and needs no sort.
 */
export function createYieldRunRepository(db: Db) {
  const select = `SELECT run.rowid AS row, run_id AS runId, run.unit_id AS chip, run.serial_number AS serial, outcome,
    started_at AS startedAtMs, finished_at AS finishedAtMs, batch_id AS batchId, slot, station, operator,
    recipe.version AS recipeVersion, recipe_hash AS recipeHash, failure ->> 'code' AS code, failure ->> 'phase' AS phase,
    failure ->> 'step' AS step, failure ->> 'message' AS message, failure -> 'details' ->> 'measurement' AS measurement
    FROM run LEFT JOIN recipe ON recipe.hash = run.recipe_hash`;
  // The row's own order: the plus keeps the index of batches away, which would want to sort.
  const page = db.prepare<[number, number, string], RawYieldRun>(
    `${select} WHERE run.rowid > ? AND run.rowid <= ? AND +batch_id = ? AND outcome IS NOT NULL ORDER BY run.rowid`,
  );
  const findEnded = db.prepare<[string], RawYieldRun>(`${select} WHERE run_id = ? AND outcome IS NOT NULL`);
  const places = db.prepare<[string, number, number, number], RunCursor>(
    `SELECT rowid AS row, started_at AS startedAtMs FROM run WHERE batch_id = ? AND (started_at, rowid) > (?, ?)
     ORDER BY started_at, rowid LIMIT ?`,
  );
  // As one text each: half the price of as many rows.
  const steps = db
    .prepare<[string], string>(
      'SELECT json_group_array(json_array(seq, phase, step, attempt, outcome) ORDER BY seq) FROM run_step WHERE run_id = ?',
    )
    .pluck();
  const measurements = db
    .prepare<[string], string>(
      `SELECT json_group_array(json_array(step_seq, name, json(value), unit, low, high, outcome, json(at), relative) ORDER BY step_seq, seq)
       FROM measurement WHERE run_id = ? AND (low IS NOT NULL OR high IS NOT NULL OR outcome <> 'PASS')`,
    )
    .pluck();

  const readSteps = (runId: string): YieldStep[] =>
    (JSON.parse(steps.get(runId) ?? '[]') as StepTuple[]).map(asStep);
  return {
    /** Finished runs of the batch with rows after `after` and until `until`. */
    listPage: (batchId: string, after: number, until: number): YieldRunRow[] =>
      page.all(after, until, batchId).map(revive),
    /** `null` for one that is still running or never was. */
    findById(runId: string): YieldRunRow | null {
      const row = findEnded.get(runId);
      return row === undefined ? null : revive(row);
    },
    /** Where the next runs of the batch lie, by when they were started; begin with `null`. */
    listCursors: (batchId: string, after: RunCursor | null, limit: number): RunCursor[] =>
      places.all(batchId, after?.startedAtMs ?? -1, after?.row ?? 0, limit),
    /** See `RunSnapshot`. */
    takeSnapshot: createRunSnapshots(db),
    getSteps: readSteps,
    getDetail: (runId: string): YieldRunDetail => ({
      steps: readSteps(runId),
      measurements: (JSON.parse(measurements.get(runId) ?? '[]') as MeasurementTuple[]).map(asMeasurement),
    }),
  };
}

function revive({ code, phase, step, message, measurement, ...run }: RawYieldRun): YieldRunRow {
  const failure = {
    code: code ?? 'internal',
    phase: phase ?? '',
    step: step ?? '',
    message: message ?? '',
    measurement: typeof measurement === 'string' ? measurement : null,
  };
  return { ...run, recipeVersion: run.recipeVersion ?? '', failure: run.outcome === 'PASS' ? null : failure };
}

type StepTuple = [number, string, string, number, Outcome];

function asStep([seq, phase, step, attempt, outcome]: StepTuple): YieldStep {
  return { seq, phase, step, attempt, outcome };
}

type MeasurementTuple = [
  number,
  string,
  MeasuredValue,
  string | null,
  number | null,
  number | null,
  Outcome,
  CurvePoint[] | null,
  0 | 1,
];

function asMeasurement([
  stepSeq,
  name,
  value,
  unit,
  low,
  high,
  outcome,
  at,
  relative,
]: MeasurementTuple): YieldMeasurement {
  const coordinates = at
    ?.map((axis) => `${axis.name} ${axis.value}${axis.unit === null ? '' : ` ${axis.unit}`}`)
    .join(', ');
  return {
    stepSeq,
    name,
    value,
    unit,
    low,
    high,
    outcome,
    at: coordinates ?? null,
    relative: relative === 1,
  };
}
