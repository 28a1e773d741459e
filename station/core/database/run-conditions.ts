import {
  type FirstRunFilter,
  isByUnit,
  type MeasuredRange,
  type RunFilter,
} from '#shared/contract/run-filter.ts';
import { OUTCOMES } from '#shared/domain/outcome.ts';
import { isStationOutcome } from '#shared/domain/yield/index.ts';

/** Conditions of a statement, all of which must hold, with the values to bind in their order. */
export interface Condition {
  readonly sql: readonly string[];
  readonly values: readonly (string | number)[];
}

/** A filter whose times are fixed; see `fixRunFilter`. */
export interface FixedRunFilter extends Omit<RunFilter, 'time'> {
  readonly time?: undefined;
  /** Of the rows without facts those that meet the conditions about units; needed for these conditions only. */
  readonly unstored?: readonly number[] | undefined;
  /** Only units whose first run was started in these hours since 1970; for rows with facts. */
  readonly hours?: readonly number[] | undefined;
}

/** A filter as conditions on `run_fact`. */
export function conditionsOfFacts(filter: FixedRunFilter): Condition {
  const conditions = createConditions();
  const { add } = conditions;
  const { outcomes, measured, text, recipe } = filter;
  add('run_fact.batch = (SELECT rowid FROM batch WHERE batch_id = ?)', filter.batchId);
  add('run_fact.row IN (SELECT rowid FROM run WHERE serial_number = ?)', filter.serialNumber);
  add('run_fact.slot = ?', filter.slot);
  add('run_fact.started_at >= ?', filter.fromAtMs);
  add('run_fact.started_at < ?', filter.toAtMs);
  const ended = outcomes?.filter((outcome) => outcome !== 'running').map((one) => OUTCOMES.indexOf(one));
  add('run_fact.outcome IN (SELECT value FROM json_each(?))', ended && JSON.stringify(ended));
  const origin = (condition: string): string =>
    `run_fact.origin IN (SELECT origin FROM fact_origin WHERE ${condition})`;
  add(origin('operator = ?'), filter.operator);
  add(origin('station = ?'), filter.station);
  add(origin('recipe_hash >= ? AND recipe_hash < ?'), recipe, recipe && `${recipe}g`);
  const cause = (column: string): string =>
    `run_fact.cause IN (SELECT cause FROM fact_cause WHERE ${column} = ?)`;
  add(cause('code'), filter.failureCode);
  add(cause('phase'), filter.failurePhase);
  add(cause('step'), filter.failureStep);
  add(cause('measurement'), filter.failureMeasurement);
  add('run_fact.finished_at >= ?', filter.endedFromAtMs);
  add('run_fact.finished_at < ?', filter.endedToAtMs);
  addText(conditions, 'run_fact.names', text);
  const { first, counted, firstRun } = filter;
  if (counted === true) add('run_fact.measured = 1');
  if (first !== undefined) add(`run_fact.row = ${FIRST_ROW[first]}`);
  if (firstRun !== undefined) addFirstRun(conditions, firstRun);
  add(`${FIRST_HOUR} IN (SELECT value FROM json_each(?))`, filter.hours && JSON.stringify(filter.hours));
  if (measured !== undefined)
    addMeasured(conditions, '(SELECT run_id FROM run WHERE run.rowid = run_fact.row)', measured, counted);
  return conditions;
}

/** The outcomes by which the station ends a run, as `run_fact` has them: a list for SQL. */
export const STATION_OUTCOMES = OUTCOMES.flatMap((outcome, at) =>
  isStationOutcome(outcome) ? [at] : [],
).join(', ');
/** The row of the first run of the unit of `run_fact`. The first tested one stands at the unit's row, or soon after it. */
const FIRST_ROW = {
  any: 'run_fact.unit',
  tested: `(SELECT tested.row FROM run_fact tested WHERE tested.row BETWEEN run_fact.unit AND run_fact.row
    AND tested.unit = run_fact.unit AND tested.outcome NOT IN (${STATION_OUTCOMES}) ORDER BY tested.row LIMIT 1)`,
} as const;

const FIRST_HOUR = `iif(run_fact.unit = run_fact.row, run_fact.started_at,
  (SELECT first.started_at FROM run_fact first WHERE first.row = run_fact.unit)) / 3600000`;

function addFirstRun({ add }: Conditions, { of, slot, fromAtMs, toAtMs }: FirstRunFilter): void {
  const own = createConditions();
  own.add(`first.row = ${FIRST_ROW[of]}`);
  own.add('first.slot = ?', slot);
  own.add('first.started_at >= ?', fromAtMs);
  own.add('first.started_at < ?', toAtMs);
  add(`EXISTS (SELECT 1 FROM run_fact first WHERE ${own.sql.join(' AND ')})`, ...own.values);
}

/** The same filter as conditions on `run`, `unit` and `triple`, for runs without facts. */
export function conditionsOfRuns(filter: FixedRunFilter): Condition {
  const conditions = createConditions();
  const { add } = conditions;
  const { outcomes, measured, text, recipe } = filter;
  add('+run.batch_id = ?', filter.batchId);
  add('+run.serial_number = ?', filter.serialNumber);
  add('run.slot = ?', filter.slot);
  add('run.started_at >= ?', filter.fromAtMs);
  add('run.started_at < ?', filter.toAtMs);
  add(
    "coalesce(run.outcome, 'running') IN (SELECT value FROM json_each(?))",
    outcomes && JSON.stringify(outcomes),
  );
  add('run.operator = ?', filter.operator);
  add('run.station = ?', filter.station);
  add('run.recipe_hash >= ? AND run.recipe_hash < ?', recipe, recipe && `${recipe}g`);
  add("run.failure ->> 'code' = ?", filter.failureCode);
  add("run.failure ->> 'phase' = ?", filter.failurePhase);
  add("run.failure ->> 'step' = ?", filter.failureStep);
  const { failureMeasurement } = filter;
  add(
    `? IN (run.failure -> 'details' ->> 'measurement', (SELECT m.name FROM run_step s
       JOIN measurement m ON m.run_id = s.run_id AND m.step_seq = s.seq
       WHERE s.run_id = run.run_id AND s.phase = run.failure ->> 'phase' AND s.step = run.failure ->> 'step'
         AND m.outcome <> 'PASS' ORDER BY s.seq DESC, m.seq LIMIT 1))`,
    failureMeasurement,
  );
  addText(
    conditions,
    "upper(concat_ws(' ', run.serial_number, unit.chip_id, unit.id_text, triple.device_name))",
    text,
  );
  add('run.finished_at >= ?', filter.endedFromAtMs);
  add('run.finished_at < ?', filter.endedToAtMs);
  if (isByUnit(filter))
    add('run.rowid IN (SELECT value FROM json_each(?))', JSON.stringify(filter.unstored ?? []));
  if (measured !== undefined) addMeasured(conditions, 'run.run_id', measured, filter.counted);
  return conditions;
}

interface Conditions extends Condition {
  /** Omitted when one of the values is undefined. */
  readonly add: (condition: string, ...values: (string | number | undefined)[]) => void;
}

function createConditions(): Conditions {
  const sql: string[] = [];
  const values: (string | number)[] = [];
  return {
    sql,
    values,
    add(condition, ...given) {
      const known = given.filter((value) => value !== undefined);
      if (known.length < given.length) return;
      sql.push(condition);
      values.push(...known);
    },
  };
}

/** Names are in upper case as SQLite makes it, which knows ASCII only; identifiers of chips have no separators. */
function addText({ add }: Conditions, names: string, text: string | undefined): void {
  if (text === undefined) return;
  const upper = text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const plain = upper.replace(/[\s:-]/g, '');
  const isHex = plain !== upper && /^[0-9A-F]{4,}$/.test(plain);
  if (isHex) add(`(instr(${names}, ?) > 0 OR instr(${names}, ?) > 0)`, upper, plain);
  else add(`instr(${names}, ?) > 0`, upper);
}

/** @param counted only values that are counted: with limits, of the last attempt of a step */
function addMeasured(
  { add }: Conditions,
  runId: string,
  { phase, step, name, at, fromValue = -Number.MAX_VALUE, toValue = Number.MAX_VALUE }: MeasuredRange,
  counted: true | undefined,
): void {
  const own = createConditions();
  own.add(`m.run_id = ${runId}`);
  own.add('m.name = ?', name);
  own.add("(m.value ->> '$') >= ? AND (m.value ->> '$') < ?", fromValue, toValue);
  if (at === null) own.add('m.at IS NULL');
  else own.add(`${PLACE_ON_CURVE} = ?`, at);
  if (counted === true) own.add(`(m.low IS NOT NULL OR m.high IS NOT NULL) AND NOT EXISTS (${NEXT_ATTEMPT})`);
  own.add('s.step = ? AND s.phase = ?', step, phase);
  add(
    `EXISTS (SELECT 1 FROM measurement m CROSS JOIN run_step s ON s.run_id = m.run_id AND s.seq = m.step_seq
       WHERE ${own.sql.join(' AND ')})`,
    ...own.values,
  );
}

/** As `YieldMeasurement.at` has it. */
const PLACE_ON_CURVE = `(SELECT group_concat((axis.value ->> 'name') || ' ' || (axis.value ->> 'value')
    || coalesce(' ' || (axis.value ->> 'unit'), ''), ', ') FROM json_each(m.at) axis)`;
/** As `isLastAttempt` says it. */
const NEXT_ATTEMPT = `SELECT 1 FROM run_step next
  WHERE next.run_id = s.run_id AND next.seq = (SELECT min(seq) FROM run_step WHERE run_id = s.run_id AND seq > s.seq)
    AND next.step = s.step AND next.phase = s.phase AND next.attempt > s.attempt`;
