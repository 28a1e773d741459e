import type { Db } from './database.ts';
import {
  type CurvePoint,
  type MeasurementRow,
  type RawRun,
  reviveRun,
  RUN_SELECT,
  type RunRow,
  type StepRow,
} from './runs.ts';

/** The end of a page; the next one begins after it. Runs are in the order of their starts. */
export interface RunPosition {
  readonly startedAtMs: number;
  readonly runId: string;
}

/** Before the first run. */
export const FROM_THE_START: RunPosition = { startedAtMs: -1, runId: '' };

/** A run with everything that was recorded of it. */
export interface RunDetails {
  readonly run: RunRow;
  readonly steps: readonly StepRow[];
  readonly measurements: readonly (MeasurementRow & { readonly stepSeq: number })[];
}

/** A measurement that the runs of a page have, as a column of a table. */
export interface MeasurementColumnRow {
  readonly phase: string;
  readonly step: string;
  readonly name: string;
  readonly unit: string | null;
  /** Where it stands in a run, at the latest. */
  readonly place: number;
}

/**
 * The runs of a batch in pages. Each page is a read of its own, so that no reader holds an old snapshot while a file is written
 * and the write-ahead log stays short.
 */
export function createReportRunRepository(db: Db) {
  const range = 'run.batch_id = ? AND (run.started_at, run.run_id) > (?, ?)';
  const page = db.prepare<[string, number, string, number, number], RawRun>(
    `${RUN_SELECT} WHERE ${range} AND run.started_at <= ? ORDER BY run.started_at, run.run_id LIMIT ?`,
  );
  const extent = db.prepare<[string], { runs: number; until: number }>(
    'SELECT count(*) AS runs, coalesce(max(started_at), 0) AS until FROM run WHERE batch_id = ?',
  );
  const last = db.prepare<[string, number, string, number, number], RunPosition>(`
    SELECT startedAtMs, runId FROM (
      SELECT run.started_at AS startedAtMs, run.run_id AS runId FROM run
      WHERE ${range} AND run.started_at <= ? ORDER BY run.started_at, run.run_id LIMIT ?)
    ORDER BY startedAtMs DESC, runId DESC LIMIT 1`);
  // Steps and measurements come as one text each: half the price of as many rows.
  const details = db.prepare<[string, string], { steps: string; measurements: string }>(`
    SELECT (SELECT json_group_array(json_array(seq, phase, step, attempt, outcome, started_at, ms, json(failure)) ORDER BY seq)
        FROM run_step WHERE run_id = ?) AS steps,
      (SELECT json_group_array(json_array(step_seq, name, json(value), unit, limits, outcome, low, high, marginal, json(at), relative) ORDER BY step_seq, seq)
        FROM measurement WHERE run_id = ?) AS measurements`);
  // As arrays, and without ORDER BY, which doubles their price although SQLite does not sort: both tables are read in the order of
  // their keys. `inOrder` does not rely on that.
  const stepNames = db
    .prepare<[string], StepName>('SELECT seq, phase, step FROM run_step WHERE run_id = ?')
    .raw();
  const steps = db
    .prepare<[string], StepTuple>(
      'SELECT seq, phase, step, attempt, outcome, started_at, ms, failure FROM run_step WHERE run_id = ?',
    )
    .raw();
  const measured = db
    .prepare<[string], MeasuredTuple>(
      'SELECT step_seq, seq, name, value, unit, outcome, limits FROM measurement WHERE run_id = ?',
    )
    .raw();
  const marked = db
    .prepare<[string], MarkedTuple>(
      'SELECT step_seq, seq, name, value, unit, outcome, limits, low, high, marginal, relative, at FROM measurement WHERE run_id = ?',
    )
    .raw();
  // The runs first, so that a page costs what its own runs cost.
  const columns = db.prepare<[string, number, string, number, number], MeasurementColumnRow>(`
    WITH part AS MATERIALIZED (
      SELECT run_id FROM run
      WHERE ${range} AND run.started_at <= ? ORDER BY run.started_at, run.run_id LIMIT ?)
    SELECT run_step.phase AS phase, run_step.step AS step, name, unit,
      max(measurement.step_seq * 10000 + measurement.seq) AS place
    FROM part CROSS JOIN measurement ON measurement.run_id = part.run_id
      CROSS JOIN run_step ON run_step.run_id = part.run_id AND run_step.seq = measurement.step_seq
    GROUP BY run_step.phase, run_step.step, name, unit`);
  return {
    /** The next runs started until `until`, oldest first. */
    listPage: (batchId: string, after: RunPosition, until: number, limit: number): RunRow[] =>
      page.all(batchId, after.startedAtMs, after.runId, until, limit).map(reviveRun),
    /** How many runs there are now, and when the last one was started: what begins later is another report's. */
    getExtent: (batchId: string): { runs: number; until: number } =>
      extent.get(batchId) ?? { runs: 0, until: 0 },
    /** A run of a page with its steps and measurements, each in the order of the run. */
    getDetails(run: RunRow): RunDetails {
      const { steps = '[]', measurements = '[]' } = details.get(run.runId, run.runId) ?? {};
      return {
        run,
        steps: (JSON.parse(steps) as ParsedStep[]).map(asStep),
        measurements: (JSON.parse(measurements) as MeasurementTuple[]).map(asMeasurement),
      };
    },
    /** The steps of a run in their order, by number, phase and name. */
    listStepNames: (runId: string): StepName[] => inOrder(stepNames.all(runId), bySeq),
    /** The steps of a run in their order, as they are stored. */
    listStepTuples: (runId: string): StepTuple[] => inOrder(steps.all(runId), bySeq),
    /** The measurements of a run in its order, as they are stored. */
    listMeasured: (runId: string): MeasuredTuple[] => inOrder(measured.all(runId), byStepAndSeq),
    /** As `listMeasured`, with the bounds and marks of each measurement. */
    listMarked: (runId: string): MarkedTuple[] => inOrder(marked.all(runId), byStepAndSeq),
    /** What the runs of the same page have measured. */
    listColumns: (
      batchId: string,
      after: RunPosition,
      until: number,
      limit: number,
    ): MeasurementColumnRow[] => columns.all(batchId, after.startedAtMs, after.runId, until, limit),
    /** The last position of the same page; `null` when there are no more runs. */
    findPageEnd: (batchId: string, after: RunPosition, until: number, limit: number): RunPosition | null =>
      last.get(batchId, after.startedAtMs, after.runId, until, limit) ?? null,
  };
}

const bySeq = ([a]: readonly [number, ...unknown[]], [b]: readonly [number, ...unknown[]]): number => a - b;
type Numbered = readonly [stepSeq: number, seq: number, ...unknown[]];
const byStepAndSeq = ([a, c]: Numbered, [b, d]: Numbered): number => a - b || c - d;

/** The rows in order; they are sorted only when they are not. */
function inOrder<Row>(rows: Row[], compare: (a: Row, b: Row) => number): Row[] {
  const isOrdered = rows.every((row, index) => {
    const next = rows[index + 1];
    return next === undefined || compare(row, next) < 0;
  });
  return isOrdered ? rows : rows.sort(compare);
}

/** Its number in the run, phase and name. */
export type StepName = readonly [seq: number, phase: string, step: string];

/** Times in ms; `failure` is JSON. */
export type StepTuple = readonly [
  seq: number,
  phase: string,
  step: string,
  attempt: number,
  outcome: StepRow['outcome'],
  startedAtMs: number,
  ms: number,
  failure: string | null,
];

/** The value is JSON. */
export type MeasuredTuple = readonly [
  stepSeq: number,
  seq: number,
  name: string,
  value: string,
  unit: string | null,
  outcome: MeasurementRow['outcome'],
  limits: string,
];

/** `at` is JSON. */
export type MarkedTuple = readonly [
  ...MeasuredTuple,
  low: number | null,
  high: number | null,
  marginal: number,
  relative: number,
  at: string | null,
];

type ParsedStep = [number, string, string, number, StepRow['outcome'], number, number, StepRow['failure']];

function asStep([seq, phase, step, attempt, outcome, startedAtMs, ms, failure]: ParsedStep): StepRow {
  return { seq, phase, step, attempt, outcome, startedAtMs, ms, failure };
}

type MeasurementTuple = [
  number,
  string,
  MeasurementRow['value'],
  string | null,
  string,
  MeasurementRow['outcome'],
  number | null,
  number | null,
  number,
  readonly CurvePoint[] | null,
  number,
];

function asMeasurement(tuple: MeasurementTuple): RunDetails['measurements'][number] {
  const [stepSeq, name, value, unit, limits, outcome, low, high, marginal, at, relative] = tuple;
  const judged = { limits, outcome, low, high, marginal: marginal === 1, relative: relative === 1 };
  return { stepSeq, name, value, unit, at, ...judged };
}
