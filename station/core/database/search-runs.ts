import type { Db } from './database.ts';
import {
  type Condition,
  conditionsOfFacts,
  conditionsOfRuns,
  type FixedRunFilter,
} from './run-conditions.ts';
import { type RawRun, reviveRun, RUN_SELECT, type RunRow } from './runs.ts';

/** A part of a search. Runs are in the order of their rows, because a clock can be set back. */
export interface RunSearch {
  readonly filter?: FixedRunFilter | undefined;
  /** Only rows before this one. */
  readonly before?: number | undefined;
  /** Only rows after this one. */
  readonly after?: number | undefined;
  /** Which of them when there are more than `limit`. Default `newest`. */
  readonly end?: 'newest' | 'oldest';
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

/**
 * Finds runs of all batches. Rows whose facts are written are found in the facts alone: narrow rows, which are read through in
 * any combination of conditions; an index for each of them would cost each run more. The latest rows are few.
 */
export function createRunSearch(db: Db) {
  const rowOf = db.prepare<[string], number>('SELECT rowid FROM run WHERE run_id = ?').pluck();
  const last = db.prepare<[], number | null>('SELECT max(rowid) FROM run').pluck();
  const lastBefore = db
    .prepare<[number, number], number | null>(
      `SELECT coalesce(
         (SELECT rowid FROM run WHERE rowid > (SELECT row FROM fact_progress) AND started_at < ? ORDER BY rowid DESC LIMIT 1),
         (SELECT row FROM run_fact WHERE started_at < ? ORDER BY row DESC LIMIT 1))`,
    )
    .pluck();
  const progress = db.prepare<[], number>('SELECT row FROM fact_progress').pluck();
  const byRows = db.prepare<[string], RawRun & { row: number }>(
    `${RUN_SELECT.replace('SELECT ', 'SELECT run.rowid AS row, ')}
     WHERE run.rowid IN (SELECT value FROM json_each(?)) ORDER BY run.rowid DESC`,
  );
  const choices = (column: 'operator' | 'station') =>
    db
      .prepare<[], string>(
        `SELECT ${column} FROM fact_origin UNION
         SELECT ${column} FROM run WHERE rowid > (SELECT row FROM fact_progress) ORDER BY 1`,
      )
      .pluck();
  const [operators, stations] = [choices('operator'), choices('station')];
  const slots = db
    .prepare<[], number>(
      `SELECT slot FROM run_cell UNION
       SELECT slot FROM run WHERE rowid > (SELECT row FROM fact_progress) ORDER BY 1`,
    )
    .pluck();
  const recipes = db
    .prepare<[], string>('SELECT recipe_hash FROM batch GROUP BY 1 ORDER BY max(rowid) DESC')
    .pluck();
  const failures = db.prepare<[], RunCause>(`
    SELECT code, phase, step, measurement, sum(runs) AS runs FROM (
      SELECT code, phase, step, measurement, runs FROM run_cell JOIN fact_cause USING (cause)
      UNION ALL
      SELECT failure ->> 'code', failure ->> 'phase', failure ->> 'step', failure -> 'details' ->> 'measurement', 1
      FROM run WHERE rowid > (SELECT row FROM fact_progress) AND failure IS NOT NULL)
    GROUP BY 1, 2, 3, 4 ORDER BY runs DESC, code LIMIT 500`);

  /** Rows of one source, at most `limit`. */
  function rowsIn(
    source: 'facts' | 'runs',
    filter: FixedRunFilter,
    range: { readonly after: number; readonly before: number },
    order: 'ASC' | 'DESC',
    limit: number,
  ): number[] {
    if (limit <= 0 || range.after + 1 >= range.before) return [];
    const { sql, values } = source === 'facts' ? conditionsOfFacts(filter) : conditionsOfRuns(filter);
    const [from, row] = FROM[source];
    const where = [`${row} > ?`, `${row} < ?`, ...sql].join(' AND ');
    return db
      .prepare<Condition['values'][number][], number>(
        `SELECT ${row} FROM ${from} WHERE ${where} ORDER BY ${row} ${order} LIMIT ?`,
      )
      .pluck()
      .all(range.after, range.before, ...values, limit);
  }

  function findRows({ filter = {}, before, after, end = 'newest', limit }: RunSearch): number[] {
    const stored = progress.get() ?? 0;
    const [low, high] = [after ?? 0, before ?? Number.MAX_SAFE_INTEGER];
    const facts = { after: low, before: Math.min(high, stored + 1) };
    const runs = { after: Math.max(low, stored), before: high };
    if (end === 'oldest') {
      const old = rowsIn('facts', filter, facts, 'ASC', limit);
      return [...old, ...rowsIn('runs', filter, runs, 'ASC', limit - old.length)].reverse();
    }
    const recent = rowsIn('runs', filter, runs, 'DESC', limit);
    return [...recent, ...rowsIn('facts', filter, facts, 'DESC', limit - recent.length)];
  }

  return {
    /** At most `limit` runs that meet all conditions, always the newest first. */
    find(search: RunSearch): RunSearchRow[] {
      const rows = findRows(search);
      return rows.length === 0
        ? []
        : byRows.all(JSON.stringify(rows)).map((raw) => ({ ...reviveRun(raw), row: raw.row }));
    },
    /** The number of those runs, at most `limit`. */
    count: (search: RunSearch): number => findRows(search).length,
    /** The row of a run; `null` when there is none. */
    findRow: (runId: string): number | null => rowOf.get(runId) ?? null,
    /** The newest row of a run that was started before this time; 0 when there is none. */
    findLastBefore: (atMs: number): number => lastBefore.get(atMs, atMs) ?? 0,
    /** The newest row; 0 without runs. */
    getLastRow: (): number => last.get() ?? 0,
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

const FROM = {
  facts: ['run_fact', 'run_fact.row'],
  runs: [
    `run LEFT JOIN unit ON unit.unit_id = run.unit_id LEFT JOIN triple ON triple.triple_id = run.triple_id`,
    'run.rowid',
  ],
} as const;
