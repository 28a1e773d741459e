import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStationDatabase, databaseFile } from '../../../../station/core/database/index.ts';
import {
  UNCOVERED_COLUMNS,
  UNCOVERED_TABLES,
} from '../../../../station/core/database/records/covered-tables.ts';
import { createTamperedStation, tamperingIn, verify } from './tampered-station.ts';

/** Tables without records of the station, with the reason; docs/security.md lists the same. */
const EXCUSED: Readonly<Record<string, string>> = {
  sqlite_sequence:
    'the next numbers of two tables, whose rows are covered; a lower one cannot be used twice (UNIQUE)',
  // Facts and figures that are made of the records of runs, and can be made again.
  ...Object.fromEntries(
    Object.entries(UNCOVERED_TABLES).filter(([, reason]) => reason.startsWith('derived')),
  ),
};

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}
interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

const { origin, edited, fill, remove } = createTamperedStation();
beforeAll(fill);
afterAll(remove);

function tables(): Table[] {
  const db = new Database(databaseFile(origin), { readonly: true });
  const names = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all();
  const all = names.map((name) => ({ name, columns: db.pragma(`table_info(${name})`) as Table['columns'] }));
  db.close();
  return all.filter(({ name }) => !Object.hasOwn(EXCUSED, name));
}

/** The row that is edited; those of a run's parts belong to different runs, so that each is found on its own. */
const EDITED_ROWS: Readonly<Record<string, number>> = {
  run_step: 0,
  measurement: 7,
  attachment: 3,
};

interface EditedRow {
  readonly where: string;
  /** Its name in a finding. */
  readonly finding: string;
}

function editedRowOf(db: Database.Database, { name, columns }: Table): EditedRow {
  const keys = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const row = db
    .prepare<[], Record<string, string | number>>(
      `SELECT ${keys.map((key) => key.name).join()} FROM ${name} LIMIT 1 OFFSET min(${EDITED_ROWS[name] ?? 1}, (SELECT count(*) FROM ${name}) - 1)`,
    )
    .get();
  if (row === undefined) throw new Error(`${name} has no row to edit: fillEveryTable must write some`);
  const values = keys.map((key) => row[key.name]);
  const where = keys.map((key) => `${key.name} = ${literal(row[key.name])}`).join(' AND ');
  if (['run_step', 'measurement', 'attachment'].includes(name))
    return { where, finding: `run ${row['run_id']}` };
  return { where, finding: `${name} ${values.length === 1 ? values[0] : JSON.stringify(values)}` };
}

/** Edits a row of each of these tables in one copy; each must be reported. */
async function editRows(
  which: readonly Table[],
  edit: (db: Database.Database, table: Table, row: EditedRow) => void,
  what: string,
): Promise<string[]> {
  const expected: string[] = [];
  const data = edited((db) => {
    const rows = which.map((table) => ({ table, found: editedRowOf(db, table) }));
    for (const { table, found } of rows) {
      edit(db, table, found);
      expected.push(found.finding);
    }
  });
  const found = await tamperingIn(data);
  for (const one of expected) expect(found, what).toContain(one);
  return found;
}

const literal = (value: string | number | undefined): string =>
  typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;

/** Another value of the same type, which no other row has. */
const other = ({ name, type }: { readonly name: string; readonly type: string }): string =>
  type === 'TEXT'
    ? `coalesce(${name}, '') || '-x'`
    : type === 'BLOB'
      ? "x'ff'"
      : `coalesce(${name}, 0) + 7700`;

describe('records that were edited by hand', () => {
  it('untouched records are not reported', async () => {
    const verdict = await verify(edited(() => {}));
    expect(verdict).toMatchObject({
      trail: { brokenAt: null },
      records: { tamperedCount: 0, brokenParts: [], schema: [], adoptedAt: null },
    });
    expect(verdict.records.notYetCovered).toBeGreaterThan(0);
  });

  const records = (): Table[] => tables().filter(({ name }) => name !== 'record_journal');
  const journal = (): Table[] => tables().filter(({ name }) => name === 'record_journal');
  const covered = (table: Table): readonly Column[] =>
    table.columns.filter(({ name }) => UNCOVERED_COLUMNS[table.name]?.includes(name) !== true);

  it('a change of any column of any table is reported with its record', async () => {
    const maxColumns = Math.max(...records().map((table) => covered(table).length));
    for (let at = 0; at < maxColumns; at += 1) {
      const having = records().filter((table) => covered(table)[at] !== undefined);
      const edit = (db: Database.Database, table: Table, { where }: EditedRow): void => {
        const column = covered(table)[at];
        if (column !== undefined)
          db.exec(`UPDATE ${table.name} SET ${column.name} = ${other(column)} WHERE ${where}`);
      };
      await editRows(having, edit, `column ${at}`);
    }
  });

  it('a deleted row of any table is reported with its record', async () => {
    const edit = (db: Database.Database, table: Table, { where }: EditedRow): void =>
      void db.exec(`DELETE FROM ${table.name} WHERE ${where}`);
    await editRows(records(), edit, 'delete');
    await editRows(journal(), edit, 'delete');
  });

  it('an inserted row of any table is reported with its record', async () => {
    const expected: string[] = [];
    const data = edited((db) => {
      for (const table of records()) {
        const { where } = editedRowOf(db, table);
        const unique = uniqueColumns(db, table.name);
        const before = keysIn(db, table);
        // A copy of a row, under another key; and under another of what else is unique.
        const values = table.columns.map((column) =>
          column.pk > 0 || unique.has(column.name) ? other(column) : column.name,
        );
        const names = table.columns.map((column) => column.name).join();
        db.exec(
          `INSERT INTO ${table.name} (${names}) SELECT ${values.join()} FROM ${table.name} WHERE ${where}`,
        );
        const [added] = keysIn(db, table).filter((key) => !before.includes(key));
        // The number of an entry that does not follow is that of the one that should.
        expected.push(table.name === 'audit' ? `audit ${before.length + 1}` : `${table.name} ${added}`);
      }
    });
    const found = await tamperingIn(data);
    for (const one of expected) expect(found).toContain(one);
  });

  it('a changed or added row of the journal itself is reported', async () => {
    const [table] = journal();
    for (const { name, type } of table?.columns ?? []) {
      const change = `UPDATE record_journal SET ${name} = ${other({ name, type })} WHERE seq = 9`;
      expect(await tamperingIn(edited((db) => db.exec(change))), name).not.toEqual([]);
    }
    for (const row of [
      "'person', 'Eve', NULL, x'00'",
      "'nobody', 'x', NULL, NULL",
      "'history', 'adopted', x'00', NULL",
    ])
      expect(
        await tamperingIn(
          edited((db) => db.exec(`INSERT INTO record_journal (tbl, key, was, digest) VALUES (${row})`)),
        ),
        row,
      ).not.toEqual([]);
  });

  /** As findings name them; of a part of a run only which run. */
  function keysIn(db: Database.Database, { name, columns }: Table): string[] {
    const keys = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    const rows = db
      .prepare(`SELECT ${keys.map((key) => key.name).join()} FROM ${name}`)
      .raw()
      .all() as (string | number)[][];
    const ofRun = ['run_step', 'measurement', 'attachment'].includes(name);
    return rows.map((row) => (ofRun || row.length === 1 ? String(row[0]) : JSON.stringify(row)));
  }
  function uniqueColumns(db: Database.Database, table: string): Set<string> {
    const indexes = db.pragma(`index_list(${table})`) as { name: string; unique: number }[];
    return new Set(
      indexes.flatMap(({ name, unique }) =>
        unique === 1
          ? (db.pragma(`index_info(${name})`) as { name: string }[]).map((column) => column.name)
          : [],
      ),
    );
  }

  it.each([
    ['all measurements', 'UPDATE measurement SET value = 9.9', 'run run-2'],
    [
      'operator, time and recipe of a run',
      "UPDATE run SET operator = 'Bo', started_at = 5, recipe_hash = 'h1'",
      'run run-3',
    ],
    [
      'a passed unit, which is deleted',
      "DELETE FROM measurement WHERE run_id = 'run-2'; DELETE FROM run_step WHERE run_id = 'run-2'; DELETE FROM run WHERE run_id = 'run-2'",
      'run run-2',
    ],
    [
      'a person, who is added',
      "INSERT INTO person (name, role, pin_hash, created_at) VALUES ('Eve', 'engineer', 'x', 1)",
      'person Eve',
    ],
    ['messages to the registry', "UPDATE outbox SET payload = replace(payload, 'PASS', 'FAIL')", 'outbox 4'],
    ['a message that is said to be sent', "UPDATE outbox SET state = 'sent' WHERE seq = 4", 'outbox 4'],
    [
      'a step of a run that does not exist',
      "INSERT INTO run_step SELECT 'ghost', 9, phase, step, attempt, outcome, started_at, ms, failure, captured FROM run_step WHERE run_id = 'run-1' AND seq = 1",
      'run_step ghost',
    ],
    [
      'the journal together with its record',
      "UPDATE person SET role = 'engineer' WHERE name = 'user-operator'; UPDATE record_journal SET digest = x'00' WHERE key = 'user-operator'",
      'person user-operator',
    ],
    [
      'the end of the journal',
      "DELETE FROM record_journal WHERE seq >= (SELECT max(seq) FROM record_journal WHERE tbl = 'outbox')",
      'outbox 4',
    ],
    ['all of the journal', 'DELETE FROM record_journal', 'person user-operator'],
    ['the tables, of which one is added', 'CREATE TABLE notes (a)', 'table notes'],
    ['the indexes, of which one is dropped', 'DROP INDEX run_by_unit', 'index run_by_unit'],
  ])('a change of %s is reported', async (_, sql, expected) => {
    expect(await tamperingIn(edited((db) => db.exec(sql)))).toContain(expected);
  });

  it('a change is reported also when the station itself changes the same record afterwards', async () => {
    const data = edited((db) => {
      db.exec("UPDATE person SET role = 'engineer' WHERE name = 'user-operator'");
      db.exec("UPDATE unit SET serial_number = 'SN99' WHERE chip_id = 'CHIP2'");
      db.exec("DELETE FROM person WHERE name = 'user-support'");
      db.exec("INSERT INTO person (name, role, pin_hash, created_at) VALUES ('Eve', 'engineer', 'x', 1)");
    });
    const database = openStationDatabase(data);
    database.transaction(() => {
      database.users.setWrongPins('user-operator', 1);
      database.users.put({ name: 'user-support', role: 'support', pinHash: 'new' }, 9);
      database.users.remove('Eve', 9);
      database.units.setSerialNumber(2, 'SN2');
    });
    database.close();
    expect((await tamperingIn(data)).sort()).toEqual([
      'person Eve',
      'person user-operator',
      'person user-support',
      'unit 2',
    ]);
  });
});
