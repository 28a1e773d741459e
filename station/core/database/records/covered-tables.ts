import type { Db } from '../db.ts';

/** The table with the digests of records. */
export const JOURNAL = 'record_journal';

/** Facts and figures of runs can be made again at any time; see migration 161. */
const DERIVED = 'derived from the records of runs';

/**
 * Tables whose rows have no digest of their own, with the reason. Every other table is covered from the day a migration
 * makes it, and so is every column.
 */
export const UNCOVERED_TABLES: Readonly<Record<string, string>> = {
  audit: 'each entry is chained to the one before by its hash',
  [JOURNAL]: 'entries of the audit trail hold the digest of each of its parts',
  run: 'one digest covers a run with its steps, measurements and attachments, when it ends',
  run_step: 'covered with its run',
  measurement: 'covered with its run',
  attachment: 'covered with its run',
  fact_progress: DERIVED,
  fact_origin: DERIVED,
  fact_cause: DERIVED,
  fact_unit_state: DERIVED,
  fact_phase: DERIVED,
  fact_series: DERIVED,
  run_fact: DERIVED,
  batch_fact: DERIVED,
  unit_cell: DERIVED,
  run_cell: DERIVED,
  duration_cell: DERIVED,
  series_cell: DERIVED,
};

/** Columns that count work in progress, or tell when something was last seen. No decision and no report depends on them. */
export const UNCOVERED_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  unit: ['last_seen_at'],
  outbox: ['attempts'],
  scheduled_report: ['attempts', 'fault'],
  firmware_upload: ['received'],
  person: ['last_sign_in_at'],
};

/**
 * Columns with a digest of their own, because they change often and the rest of the row is long and never changes. There
 * is no digest while all of them have their defaults.
 */
const OWN_RECORDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  outbox: { delivery: ['state', 'reason', 'settled_at', 'set_aside'] },
};

export interface CoveredColumn {
  readonly name: string;
  /** Its value in rows that are older than the column: digests omit this value, so that they stay valid. */
  readonly before: string | number | null | undefined;
}

/** A table whose rows are in the journal. */
export interface CoveredTable {
  readonly name: string;
  /** Name of its records in the journal: the table, or one group of its columns. */
  readonly kind: string;
  /** There is no record while all columns hold their defaults. */
  readonly whenChanged: boolean;
  /** By name, so that the order in which migrations added them does not matter. */
  readonly columns: readonly CoveredColumn[];
  readonly keyColumns: readonly string[];
}

interface ColumnInfo {
  readonly name: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}

/** The covered tables of this database's schema. */
export function coveredTables(db: Db): CoveredTable[] {
  const names = db
    .prepare<[], string>(
      `SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name`,
    )
    .pluck()
    .all();
  // No migration makes a table with another name; comparing the schema reports such a table.
  return names
    .filter((name) => /^\w+$/.test(name) && !Object.hasOwn(UNCOVERED_TABLES, name))
    .flatMap((name) => {
      const whole = tableOf(db, name);
      const groups = Object.entries(OWN_RECORDS[name] ?? {});
      const own = groups.flatMap(([, columns]) => columns);
      const rest = { ...whole, columns: whole.columns.filter((column) => !own.includes(column.name)) };
      const parts = groups.map(([group, names]) => ({
        ...whole,
        kind: `${name}.${group}`,
        whenChanged: true,
        columns: whole.columns.filter((column) => names.includes(column.name)),
      }));
      return [rest, ...parts];
    });
}

/** Whether the database has a journal. */
export function hasJournal(db: Db): boolean {
  return db.prepare('SELECT 1 FROM main.sqlite_schema WHERE name = ?').get(JOURNAL) !== undefined;
}

/** The columns of one table that digests cover. */
export function tableOf(db: Db, name: string): CoveredTable {
  const info = db.pragma(`main.table_info(${name})`) as ColumnInfo[];
  const uncovered = UNCOVERED_COLUMNS[name] ?? [];
  const keyColumns = info.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  return {
    name,
    kind: name,
    whenChanged: false,
    columns: info
      .filter((column) => !uncovered.includes(column.name))
      .map((column) => ({ name: column.name, before: valueBefore(column) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    keyColumns: keyColumns.length === 0 ? ['rowid'] : keyColumns.map((column) => column.name),
  };
}

/** The default of a column; undefined for an expression: such a column is always in the digest. */
function valueBefore({ dflt_value: text }: ColumnInfo): string | number | null | undefined {
  if (text === null || text === 'NULL') return null;
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : undefined;
}
