import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openStationDatabase,
  type WritableDatabase,
  databaseFile,
} from '../../../../station/core/database/index.ts';
import { compareSchema } from '../../../../station/core/database/records/compare-schema.ts';
import { fastDir } from '../../../support/temp-dir.ts';
import { createTamperedStation, editByHand, tamperingIn } from './tampered-station.ts';

const { edited, fill, remove } = createTamperedStation();
beforeAll(fill);
afterAll(remove);

describe('somebody with a database editor who changes the schema', () => {
  it('who leaves a trigger dropped, or another in its place, is reported', async () => {
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

  it('who hides a line of a table behind a comment is reported', () => {
    using dir = fastDir();
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

  it('who makes the database one of an older version is told that it is none, at the start', () => {
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

  it('who gives his trigger a name that looks like one of SQLite itself is reported', async () => {
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

  it('whose trigger would change what the station writes is too late, and reported when it is gone again', async () => {
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

  it('finds his trigger removed and those that he dropped put back, also when the first attempt comes to nothing', async () => {
    const data = edited(() => {});
    const database = openStationDatabase(data);
    const insiders = new Database(databaseFile(data));
    insiders.exec(
      'DROP TRIGGER run_never_erased; CREATE TRIGGER lie AFTER INSERT ON run BEGIN SELECT 1; END',
    );
    insiders.close();
    const failing = (): void =>
      database.transaction(() => {
        throw new Error('nothing came of it');
      });
    expect(failing).toThrow('nothing came of it');
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
