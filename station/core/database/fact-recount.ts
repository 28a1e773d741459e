import { asStationDatabaseFault } from './database-fault.ts';
import { openDatabaseForReading } from './database.ts';
import type { Db } from './db.ts';
import { createRunFactRepository } from './run-facts.ts';
import type { WritableDatabase } from './station-database.ts';
import { createFactWriter, FACT_TABLES, type FactTable } from './write-facts.ts';
import { createYieldRunRepository } from './yield-runs.ts';

/** Where the facts and figures of runs are kept. */
export type FactStore = Pick<WritableDatabase, 'transaction' | 'runFacts' | 'yieldRuns' | 'writeFacts'>;

/** Rows of a table of kept figures that are not what the records give. */
export interface FigureDifference {
  readonly table: FactTable;
  /** Null for a table that belongs to no batch, or a batch that is not there. */
  readonly batchId: string | null;
  readonly rows: number;
}

/** The facts of a database made once more, beside those that it keeps. */
export interface FactRecount extends Disposable {
  /** Empty at first; `writeFacts` fills it from the records. */
  readonly store: FactStore;
  /** The row up to which the database keeps facts, and the one up to which there can be any. */
  readonly progress: number;
  readonly lastReady: number;
  /** Compares when `store` is complete up to `progress`. */
  differences(): FigureDifference[];
}

/** Compared by their content as it is; their numbers follow from the order of the runs. */
const PLAIN = {
  fact_origin: null,
  fact_cause: null,
  fact_phase: 'batch',
  fact_series: 'batch',
  batch_fact: 'batch',
  run_cell: 'batch',
  duration_cell: 'batch',
} as const satisfies Partial<Record<FactTable, string | null>>;

/** The number of a state depends on when facts were written; its content does not. */
const STATE = 'bits, reached, passed';
const unitCells = (schema: string): string =>
  `SELECT batch, hour, slot, origin, ended, ${STATE}, sum(units) AS units
   FROM ${schema}.unit_cell LEFT JOIN ${schema}.fact_unit_state USING (state)
   GROUP BY batch, hour, slot, origin, ended, ${STATE} HAVING sum(units) <> 0`;

const FACT = 'batch, slot, origin, outcome, cause, started_at, finished_at, unit, measured';
const columns = (alias: string, names: string): string =>
  names
    .split(', ')
    .map((name) => `${alias}.${name}`)
    .join(', ');
/** The text by which a unit identifies itself may have been read after the facts of its first runs were written. */
const NAMES_CHANGED = `kept.names IS NOT made.names AND NOT EXISTS (
  SELECT 1 FROM run JOIN unit ON unit.unit_id = run.unit_id WHERE run.rowid = kept.row AND unit.id_text IS NOT NULL)`;
const RUN_FACTS = `
  SELECT coalesce(kept.batch, made.batch) AS batch, count(*) AS rows
  FROM main.run_fact AS kept FULL JOIN temp.run_fact AS made ON made.row = kept.row
    LEFT JOIN main.fact_unit_state AS before ON before.state = kept.state
    LEFT JOIN temp.fact_unit_state AS after ON after.state = made.state
  WHERE kept.row IS NULL OR made.row IS NULL
    OR (${columns('kept', FACT)}) IS NOT (${columns('made', FACT)})
    OR (${columns('before', STATE)}) IS NOT (${columns('after', STATE)})
    OR (${NAMES_CHANGED})
  GROUP BY 1`;

/**
 * Opens the tables of facts once more, empty and in the temporary part of a connection of its own, whose records are those of
 * one moment. Nothing of the station is changed or delayed. `isSame` compares the sums of a cell, which are JSON.
 * Faults: those of `openStationDatabaseForReading`.
 */
export function openFactRecount(file: string, isSame: (one: string, other: string) => boolean): FactRecount {
  const db = openDatabaseForReading(file);
  try {
    // The file itself is open for reading only.
    db.pragma('query_only = OFF');
    db.pragma('temp_store = FILE');
    db.exec('BEGIN');
    makeEmptyTables(db);
    const kept = db.prepare<[], number>('SELECT row FROM main.fact_progress').pluck();
    // Statements that are prepared from here on find the temporary tables.
    const runFacts = createRunFactRepository(db);
    return {
      store: {
        transaction: (work) => work(),
        runFacts,
        yieldRuns: createYieldRunRepository(db),
        writeFacts: createFactWriter(db),
      },
      progress: kept.get() ?? 0,
      lastReady: runFacts.getLastReady(),
      differences: () => differences(db, isSame),
      [Symbol.dispose]: () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw asStationDatabaseFault(error, file);
  }
}

function makeEmptyTables(db: Db): void {
  const schema = db
    .prepare<[string], string>("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?")
    .pluck();
  for (const table of [...FACT_TABLES, 'fact_progress'])
    db.exec((schema.get(table) ?? '').replace(/^CREATE TABLE/, 'CREATE TEMP TABLE'));
  db.exec('INSERT INTO temp.fact_progress VALUES (1, 0)');
}

function differences(db: Db, isSame: (one: string, other: string) => boolean): FigureDifference[] {
  const batchId = db.prepare<[number], string>('SELECT batch_id FROM batch WHERE rowid = ?').pluck();
  const found: FigureDifference[] = [];
  const report = (table: FactTable, rows: readonly { batch: number | null; rows: number }[]): void => {
    for (const { batch, rows: count } of rows)
      found.push({ table, batchId: batch === null ? null : (batchId.get(batch) ?? null), rows: count });
  };
  const count = (sql: string): { batch: number | null; rows: number }[] =>
    db.prepare<[], { batch: number | null; rows: number }>(sql).all();
  report('run_fact', count(RUN_FACTS));
  for (const [table, batch] of Object.entries(PLAIN))
    report(
      table as FactTable,
      count(differing(`SELECT * FROM main.${table}`, `SELECT * FROM temp.${table}`, batch)),
    );
  report('unit_cell', count(differing(unitCells('main'), unitCells('temp'), 'batch')));
  report('series_cell', differingSums(db, isSame));
  return found;
}

/** A row with another content is one difference, although both tables have a row that the other one lacks. */
function differing(kept: string, made: string, batch: string | null): string {
  const rows = `SELECT *, 1 AS is_kept FROM (${kept} EXCEPT ${made})
    UNION ALL SELECT *, 0 AS is_kept FROM (${made} EXCEPT ${kept})`;
  return `SELECT ${batch ?? 'NULL'} AS batch, max(sum(is_kept), sum(1 - is_kept)) AS rows FROM (${rows}) GROUP BY 1`;
}

function differingSums(
  db: Db,
  isSame: (one: string, other: string) => boolean,
): { batch: number; rows: number }[] {
  const pairs = db.prepare<[], { batch: number; kept: string | null; made: string | null }>(`
    SELECT coalesce(kept.batch, made.batch) AS batch, kept.sums AS kept, made.sums AS made
    FROM main.series_cell AS kept FULL JOIN temp.series_cell AS made
      ON (${columns('made', 'batch, hour, slot, origin')}) = (${columns('kept', 'batch, hour, slot, origin')})`);
  const found = new Map<number, number>();
  for (const { batch, kept, made } of pairs.iterate())
    if (kept === null || made === null || !isSame(kept, made)) found.set(batch, (found.get(batch) ?? 0) + 1);
  return [...found].map(([batch, rows]) => ({ batch, rows }));
}
