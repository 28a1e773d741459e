import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openStationDatabase,
  type WritableDatabase,
  databaseFile,
} from '../../../../station/core/database/index.ts';
import { compareSchema } from '../../../../station/core/database/records/compare-schema.ts';
import { memoryDir } from '../../../support/temp-dir.ts';
import { createTamperedStation, editByHand, tamperingIn } from './tampered-station.ts';

const { edited, fill, remove } = createTamperedStation();
beforeAll(fill);
afterAll(remove);

describe('a schema that was edited by hand', () => {
  it('a trigger that was dropped or replaced is reported', async () => {
    const data = edited(() => {});
    const db = new Database(databaseFile(data));
    db.exec(`DROP TRIGGER run_never_erased; DROP TRIGGER run_never_overwritten;
      CREATE TRIGGER run_never_overwritten BEFORE UPDATE ON run WHEN false BEGIN SELECT 1; END;
      CREATE TRIGGER helper AFTER INSERT ON run BEGIN SELECT 1; END`);
    db.close();
    expect(await tamperingIn(data)).toEqual([
      'trigger helper',
      'trigger run_never_erased',
      'trigger run_never_overwritten',
    ]);
  });

  it('a constraint that was hidden in a comment is reported', () => {
    using dir = memoryDir();
    const database = openStationDatabase(dir.path);
    database.close();
    const db = new Database(databaseFile(dir.path));
    expect(compareSchema(db)).toEqual([]);
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    db.exec("UPDATE sqlite_schema SET sql = replace(sql, char(10), ' ') WHERE name = 'record_journal'");
    expect(compareSchema(db)).toEqual([{ type: 'table', name: 'record_journal', what: 'changed' }]);
    db.close();
  });

  it('a database that was given an older version number is refused at the start', () => {
    for (const version of [61, 80]) {
      const data = edited((db) => db.pragma(`user_version = ${version}`));
      const start = (): void => openStationDatabase(data).close();
      expect(start).toThrow(
        expect.objectContaining({
          code: 'database-corrupt',
          message: expect.stringContaining(`not those of its version ${version}`) as string,
        }),
      );
    }
  });

  it('a trigger with a name like those of SQLite itself is reported', async () => {
    const lie = "AFTER INSERT ON run_step BEGIN UPDATE run_step SET outcome = 'PASS'; END";
    const data = edited((db) => {
      db.exec(`CREATE TRIGGER sqliteXlie ${lie}`);
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      db.exec(`INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_lie', 'run_step', 0,
        'CREATE TRIGGER sqlite_lie ${lie.replaceAll("'", "''")}')`);
    });
    expect(await tamperingIn(data)).toEqual(['trigger sqliteXlie', 'trigger sqlite_lie']);
  });

  it('a trigger that would change what the station writes has no effect, and is reported also when it is gone again', async () => {
    const data = edited(() => {});
    const database = openStationDatabase(data);
    database.meta.set('setting.0', 'before');
    editByHand(data, (db) =>
      db.exec(`CREATE TRIGGER lie AFTER INSERT ON run BEGIN UPDATE run SET operator = 'Bo'; END;
        CREATE TRIGGER hide BEFORE INSERT ON record_journal BEGIN SELECT RAISE(IGNORE); END`),
    );
    database.transaction(() => database.runs.add(run('run-9')));
    expect(database.runs.findById('run-9')?.operator).toBe('Li');
    database.close();
    const found = ['sqlite_schema trigger hide', 'sqlite_schema trigger lie'];
    expect((await tamperingIn(data)).sort()).toEqual(found);
  });

  it('the added trigger is removed and the dropped ones are put back, also when the first attempt fails', async () => {
    const data = edited(() => {});
    const database = openStationDatabase(data);
    const edit = new Database(databaseFile(data));
    edit.exec('DROP TRIGGER run_never_erased; CREATE TRIGGER lie AFTER INSERT ON run BEGIN SELECT 1; END');
    edit.close();
    const failing = (): void =>
      database.transaction(() => {
        throw new Error('the transaction failed');
      });
    expect(failing).toThrow('the transaction failed');
    database.meta.set('setting.0', 'after');
    database.close();
    const found = ['sqlite_schema trigger lie', 'sqlite_schema trigger run_never_erased'];
    expect((await tamperingIn(data)).sort()).toEqual(found);
  });

  const run = (runId: string): Parameters<WritableDatabase['runs']['add']>[0] => ({
    runId,
    batchId: 'B0',
    slot: 1,
    portPath: '/dev/null',
    serialNumber: 'SN9',
    station: 'S',
    operator: 'Li',
    appVersion: '1',
    recipeHash: 'h0',
    startedAtMs: 9,
  });
});
