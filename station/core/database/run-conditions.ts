import type { MeasuredRange, RunFilter } from '#shared/contract/run-filter.ts';
import { OUTCOMES } from '#shared/domain/outcome.ts';

/** Conditions of a statement, all of which must hold, with the values to bind in their order. */
export interface Condition {
  readonly sql: readonly string[];
  readonly values: readonly (string | number)[];
}

/** A filter as conditions on `run_fact`. */
export function conditionsOfFacts(filter: RunFilter): Condition {
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
  addText(conditions, 'run_fact.names', text);
  if (measured !== undefined)
    addMeasured(conditions, '(SELECT run_id FROM run WHERE run.rowid = run_fact.row)', measured);
  return conditions;
}

/** The same filter as conditions on `run`, `unit` and `triple`, for runs without facts. */
export function conditionsOfRuns(filter: RunFilter): Condition {
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
  if (measured !== undefined) addMeasured(conditions, 'run.run_id', measured);
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

function addMeasured(
  { add }: Conditions,
  runId: string,
  { phase, step, name, fromValue = -Number.MAX_VALUE, toValue = Number.MAX_VALUE }: MeasuredRange,
): void {
  add(
    `EXISTS (SELECT 1 FROM run_step s JOIN measurement m ON m.run_id = s.run_id AND m.step_seq = s.seq
       WHERE s.run_id = ${runId} AND s.step = ? AND s.phase = ? AND m.name = ?
       AND (m.value ->> '$') >= ? AND (m.value ->> '$') < ?)`,
    step,
    phase,
    name,
    fromValue,
    toValue,
  );
}
