import type { Db } from '../db.ts';
import { ADOPTED } from './adopt-records.ts';
import { type CoveredTable, coveredTables, JOURNAL, tableOf } from './covered-tables.ts';
import { type Cell, digestRow, WAS_BYTES } from './digest-record.ts';
import { createRunDigests, RUN } from './run-digest.ts';
import { cellsOfKey, isThere, keyOf } from './watch-records.ts';
import { SCHEMA } from './watch-schema.ts';

/** A record that differs from what the station wrote. */
export interface Tampering {
  readonly table: string;
  /** Key of the row as text; of several columns as a JSON list. */
  readonly key: string;
  /** Its name for people, where that is not the key and the record exists. */
  readonly name: string | null;
  readonly what: 'changed' | 'removed' | 'added';
  /** The row of the journal that proves it; null without one. */
  readonly journalSeq: number | null;
}

/** Columns or expressions with the name of a record for people. */
const NAMES: Readonly<Record<string, string>> = {
  batch: 'name',
  firmware: 'file_name',
  identity_event: `event || ' of ' || (SELECT device_name FROM triple t WHERE t.triple_id = kept.triple_id)`,
  outbox: 'key',
  recipe: 'name',
  run: 'serial_number',
  triple: 'device_name',
  unit: 'chip_id',
};

/** Looks up records by their keys in the journal. */
interface Lookup {
  readonly table: string;
  /** Name of its records in the journal. */
  readonly kind: string;
  digest(key: string): Buffer | null;
  count(): number;
  /** Keys that no row of the journal names. */
  unknown(): Iterable<string>;
}

interface JournalRow {
  readonly seq: number;
  readonly key: string;
  readonly was: Buffer | null;
  readonly digest: Buffer | null;
}

/** After so many rows the caller can report progress, or stop. */
const ROWS_PER_TURN = 2000;

/**
 * Compares the journal with every covered record, in constant memory: SQLite sorts on the disk. Yields each difference, and
 * `null` after every `ROWS_PER_TURN` rows. The caller prevents changes of the database meanwhile.
 */
export function* findTampering(db: Db): Generator<Tampering | null> {
  const nameOf = createNames(db);
  for (const tampering of search(db))
    yield tampering === null ? null : { ...tampering, name: nameOf(tampering) };
}

type Unnamed = Omit<Tampering, 'name'>;

function createNames(db: Db): (tampering: Unnamed) => string | null {
  const reads = new Map(
    Object.entries(NAMES).map(([table, name]) => {
      const sql = `SELECT ${name} FROM ${table} kept WHERE ${keyOf(tableOf(db, table), 'kept')} = ?`;
      return [table, db.prepare<[string], string | null>(sql).pluck()] as const;
    }),
  );
  return ({ table, key }) => reads.get(table)?.get(key) ?? null;
}

function* search(db: Db): Generator<Unnamed | null> {
  const lookups = [runLookup(db), ...coveredTables(db).map((table) => rowLookup(db, table))];
  for (const lookup of lookups) yield* walk(db, lookup);
  yield* findStrayParts(db);
  yield* strayRows(db, new Set(lookups.map(({ kind }) => kind)));
}

function* walk(db: Db, lookup: Lookup): Generator<Unnamed | null> {
  const { table, kind } = lookup;
  // SQLite sorts the rows of the journal by key.
  const rows = db.prepare<[string], JournalRow>(
    `SELECT seq, key, was, digest FROM ${JOURNAL} WHERE tbl = ? ORDER BY key, seq`,
  );
  let last: JournalRow | null = null;
  let result: Unnamed | null = null;
  let there = 0;
  let read = 0;
  function settle(): Unnamed | null {
    if (last === null) return null;
    const { key, seq, digest } = last;
    const now = lookup.digest(key);
    if (now !== null) there += 1;
    if (result !== null || same(now, digest)) return result;
    const what = now === null ? 'removed' : digest === null ? 'added' : 'changed';
    return { table, key, what, journalSeq: seq };
  }
  for (const row of rows.iterate(kind)) {
    if (row.key !== last?.key) {
      const settled = settle();
      if (settled !== null) yield settled;
      [last, result] = [null, null];
    }
    // The row before this change must be the row that the station wrote last.
    const before: Buffer | null = last?.digest?.subarray(0, WAS_BYTES) ?? null;
    if (result === null && !same(before, row.was))
      result = {
        table,
        key: row.key,
        what: before === null ? 'added' : row.was === null ? 'removed' : 'changed',
        journalSeq: row.seq,
      };
    last = row;
    if (++read % ROWS_PER_TURN === 0) yield null;
  }
  const settled = settle();
  if (settled !== null) yield settled;
  if (lookup.count() === there) return;
  for (const key of lookup.unknown()) yield { table, key, what: 'added', journalSeq: null };
}

function same(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

function rowLookup(db: Db, table: CoveredTable): Lookup {
  const { name, columns, keyColumns } = table;
  const get = db
    .prepare<Cell[], Cell[]>(
      `SELECT ${columns.map((column) => column.name).join()} FROM ${name}
       WHERE ${keyColumns.map((column) => `${column} = ?`).join(' AND ')}`,
    )
    .raw();
  return {
    table: name,
    kind: table.kind,
    digest(key) {
      const keyCells = cellsOfKey(table, key);
      const cells = keyCells === null ? undefined : get.get(...keyCells);
      return cells === undefined ? null : digestRow(table, cells);
    },
    ...counted(db, table, keyOf(table, 'kept'), isThere(table, 'kept')),
  };
}

function runLookup(db: Db): Lookup {
  const { digest } = createRunDigests(db);
  const run = { name: RUN, kind: RUN };
  return { table: RUN, kind: RUN, digest, ...counted(db, run, 'kept.run_id', 'outcome IS NOT NULL') };
}

function counted(
  db: Db,
  { name, kind }: Pick<CoveredTable, 'name' | 'kind'>,
  key: string,
  which: string,
): Pick<Lookup, 'count' | 'unknown'> {
  const count = db.prepare<[], number>(`SELECT count(*) FROM ${name} kept WHERE ${which}`).pluck();
  const unknown = db
    .prepare<[string], string>(
      `SELECT ${key} FROM ${name} kept WHERE ${which} AND ${key} NOT IN (SELECT key FROM ${JOURNAL} WHERE tbl = ?)`,
    )
    .pluck();
  return { count: () => count.get() ?? 0, unknown: () => unknown.iterate(kind) };
}

/** Steps without a run, and measurements and attachments without a step. Constraints forbid them, but another program can disable constraints. */
function* findStrayParts(db: Db): Generator<Unnamed> {
  const stray = {
    run_step: 'SELECT DISTINCT run_id FROM run_step WHERE run_id NOT IN (SELECT run_id FROM run)',
    measurement: `SELECT DISTINCT run_id FROM measurement m WHERE NOT EXISTS (
      SELECT 1 FROM run_step s WHERE s.run_id = m.run_id AND s.seq = m.step_seq)`,
    attachment: `SELECT DISTINCT run_id FROM attachment a WHERE NOT EXISTS (
      SELECT 1 FROM run_step s WHERE s.run_id = a.run_id AND s.seq = a.step_seq)`,
  };
  for (const [table, sql] of Object.entries(stray))
    for (const key of db.prepare<[], string>(sql).pluck().iterate())
      yield { table, key, what: 'added', journalSeq: null };
}

/** Changes of the schema that a running station has detected, also those that were undone. */
function schemaFinding(noted: string, journalSeq: number): Unnamed {
  const cut = noted.lastIndexOf(' ');
  const [key, word] = [noted.slice(0, cut), noted.slice(cut + 1)];
  const what = word === 'added' ? 'added' : word === 'missing' ? 'removed' : 'changed';
  return { table: SCHEMA, key, what, journalSeq };
}

/** Rows of the journal about unknown tables, and gaps in its numbers. */
function* strayRows(db: Db, known: ReadonlySet<string>): Generator<Unnamed> {
  const kinds = db
    .prepare<[], { tbl: string; key: string; seq: number; rows: number }>(
      `SELECT tbl, key, min(seq) AS seq, count(*) AS rows FROM ${JOURNAL}
       WHERE tbl NOT IN (SELECT value FROM json_each('${JSON.stringify([...known])}')) GROUP BY tbl, key`,
    )
    .iterate();
  for (const { tbl, key, seq, rows } of kinds) {
    // The entry of the audit trail shows whether its position is right.
    if (tbl === ADOPTED.table && key === ADOPTED.key && rows === 1) continue;
    if (tbl === SCHEMA) yield schemaFinding(key, seq);
    else yield { table: JOURNAL, key: String(seq), what: 'added', journalSeq: seq };
  }
  const gaps = db
    .prepare<[], number>(
      `SELECT seq + 1 FROM (SELECT seq, lead(seq) OVER (ORDER BY seq) AS next FROM ${JOURNAL}) WHERE next > seq + 1`,
    )
    .pluck();
  const first = db.prepare<[], number | null>(`SELECT min(seq) FROM ${JOURNAL}`).pluck().get() ?? 1;
  if (first !== 1) yield { table: JOURNAL, key: '1', what: 'removed', journalSeq: null };
  for (const seq of gaps.iterate())
    yield { table: JOURNAL, key: String(seq), what: 'removed', journalSeq: null };
}
