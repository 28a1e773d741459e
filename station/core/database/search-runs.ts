import type { RunFilter } from '#shared/contract/run-filter.ts';
import type { Db } from './database.ts';
import { type RawRun, reviveRun, RUN_SELECT, type RunRow } from './runs.ts';

/** A page of a search. Runs are in the order of their rows, because a clock can be set back. */
export interface RunSearch {
  readonly filter?: RunFilter | undefined;
  /** Only runs before this row, the newest of them; */
  readonly before?: number | undefined;
  /** only runs after this row, the oldest of them. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** A run with its row, which is the cursor of a search. */
export interface RunSearchRow extends RunRow {
  readonly row: number;
}

export interface RunCause {
  readonly code: string;
  readonly phase: string;
  readonly step: string;
  readonly measurement: string | null;
  readonly runs: number;
}

type Bound = string | number;

/** Finds runs of all batches. */
export function createRunSearch(db: Db) {
  const rowOf = db.prepare<[string], number>('SELECT rowid FROM run WHERE run_id = ?').pluck();
  const operators = db.prepare<[], string>('SELECT DISTINCT operator FROM run ORDER BY 1').pluck();
  const stations = db.prepare<[], string>('SELECT DISTINCT station FROM run ORDER BY 1').pluck();
  const slots = db.prepare<[], number>('SELECT DISTINCT slot FROM run ORDER BY 1').pluck();
  const recipes = db
    .prepare<[], string>('SELECT recipe_hash FROM run GROUP BY 1 ORDER BY max(rowid) DESC')
    .pluck();
  const failures = db.prepare<[], RunCause>(`
    SELECT failure ->> 'code' AS code, failure ->> 'phase' AS phase, failure ->> 'step' AS step,
      failure -> 'details' ->> 'measurement' AS measurement, count(*) AS runs
    FROM run WHERE failure IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY runs DESC LIMIT 500`);
  return {
    /** At most `limit` runs that meet all conditions, always the newest first. */
    find({ filter = {}, before, after, limit }: RunSearch): RunSearchRow[] {
      const { sql, values } = conditionsOf(filter);
      const bounds = [
        ...(before === undefined ? [] : ['run.rowid < ?']),
        ...(after === undefined ? [] : ['run.rowid > ?']),
      ];
      const where = [...bounds, ...sql];
      const statement = db.prepare<Bound[], RawRun & { row: number }>(
        `${RUN_SELECT.replace('SELECT ', 'SELECT run.rowid AS row, ')}
         ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
         ORDER BY run.rowid ${after === undefined ? 'DESC' : 'ASC'} LIMIT ?`,
      );
      const ends = [before, after].filter((end) => end !== undefined);
      const found = statement
        .all(...ends, ...values, limit)
        .map((raw) => ({ ...reviveRun(raw), row: raw.row }));
      return after === undefined ? found : found.reverse();
    },
    /** The row of a run; `null` when there is none. */
    findRow: (runId: string): number | null => rowOf.get(runId) ?? null,
    /** The values that runs have, each sorted; recipes and failures as `RunChoices` says. */
    listChoices: () => ({
      operators: operators.all(),
      stations: stations.all(),
      slots: slots.all(),
      recipeHashes: recipes.all(),
      failures: failures.all(),
    }),
  };
}

function conditionsOf(filter: RunFilter): { readonly sql: string[]; readonly values: Bound[] } {
  const sql: string[] = [];
  const values: Bound[] = [];
  const add = (condition: string, ...bound: (Bound | undefined)[]): void => {
    if (bound.some((value) => value === undefined)) return;
    sql.push(condition);
    values.push(...bound.filter((value) => value !== undefined));
  };
  const { outcomes, measured, text } = filter;
  add('+run.batch_id = ?', filter.batchId);
  add('run.serial_number = ?', filter.serialNumber);
  add('run.slot = ?', filter.slot);
  add('run.operator = ?', filter.operator);
  add('run.station = ?', filter.station);
  add('run.started_at >= ?', filter.fromAtMs);
  add('run.started_at < ?', filter.toAtMs);
  add("run.failure ->> 'code' = ?", filter.failureCode);
  add("run.failure ->> 'phase' = ?", filter.failurePhase);
  add("run.failure ->> 'step' = ?", filter.failureStep);
  add("run.failure -> 'details' ->> 'measurement' = ?", filter.failureMeasurement);
  if (filter.recipe !== undefined)
    add('run.recipe_hash >= ? AND run.recipe_hash < ?', filter.recipe, `${filter.recipe}g`);
  if (outcomes !== undefined)
    add("coalesce(run.outcome, 'running') IN (SELECT value FROM json_each(?))", JSON.stringify(outcomes));
  if (text !== undefined) {
    const upper = text.toUpperCase();
    const hex = upper.replace(/[\s:-]/g, '');
    add(
      `(instr(upper(run.serial_number), ?) > 0 OR instr(upper(triple.device_name), ?) > 0
        OR instr(unit.chip_id, ?) > 0 OR instr(upper(unit.id_text), ?) > 0)`,
      upper,
      upper,
      hex === '' ? upper : hex,
      upper,
    );
  }
  if (measured !== undefined) {
    add(
      `EXISTS (SELECT 1 FROM measurement m JOIN run_step s ON s.run_id = m.run_id AND s.seq = m.step_seq
         WHERE m.run_id = run.run_id AND m.name = ? AND s.phase = ? AND s.step = ?
         AND (m.value ->> '$') >= ? AND (m.value ->> '$') < ?)`,
      measured.name,
      measured.phase,
      measured.step,
      measured.fromValue ?? -Number.MAX_VALUE,
      measured.toValue ?? Number.MAX_VALUE,
    );
  }
  return { sql, values };
}
