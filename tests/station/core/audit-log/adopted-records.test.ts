import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, restoreStation } from '#station';
import { createAuditTrail, createJournalDigests } from '../../../../station/core/audit-log/index.ts';
import { finishRun } from '../../../../station/execution/executor/finish-run.ts';
import { openDatabase } from '../../../../station/core/database/database.ts';
import { MIGRATIONS } from '../../../../station/core/database/migrations/index.ts';
import { openStationDatabase, databaseFile } from '../../../../station/core/database/index.ts';
import { addBatch, beginRun } from '../../../kit/sample-rows.ts';
import { memoryDir } from '../../../support/temp-dir.ts';
import { openStation } from '../../../kit/station.ts';
import { tamperingIn, verify } from './tampered-station.ts';

/** The records that are reported, as `table key change`. */
const tamperedRecords = async (data: string): Promise<string[]> => {
  const { records } = await verify(data);
  return records.tampered.map(({ table, key, what }) => `${table} ${key} ${what}`);
};
const sql = (data: string, text: string): void => {
  const db = new Database(databaseFile(data));
  db.exec(text);
  db.close();
};
/** Starts a station on the data and closes it. */
async function start(data: string): Promise<void> {
  await (await openStation(data)).close();
}

describe('records from before the journal', () => {
  /** A database of the version before the journal: two runs, one of them unfinished. */
  function old(data: string): void {
    const { db } = openDatabase(
      databaseFile(data),
      MIGRATIONS.filter(({ version }) => version < 70),
    );
    db.exec(`
      INSERT INTO recipe VALUES ('h', 'r', '1', 's', 1);
      INSERT INTO batch (batch_id, name, recipe_hash, product_id, quantity, created_at) VALUES ('B', 'b', 'h', 'P', 9, 1);
      INSERT INTO run (run_id, batch_id, slot, port_path, station, operator, app_version, recipe_hash, started_at, finished_at, outcome)
        VALUES ('ended', 'B', 1, 'p', 'S', 'o', '1', 'h', 1, 2, 'PASS'), ('open', 'B', 1, 'p', 'S', 'o', '1', 'h', 3, NULL, NULL);
      INSERT INTO run_step (run_id, seq, phase, step, attempt, outcome, started_at, ms) VALUES ('ended', 1, 'p', 's', 1, 'PASS', 1, 0.5);
      INSERT INTO measurement (run_id, step_seq, seq, name, value, limits, outcome) VALUES ('ended', 1, 1, 'm', '3.3', '', 'PASS');
      INSERT INTO outbox (key, lane, kind, payload, created_at) VALUES ('run:ended', 'l', 'run.finished', '{}', 2);`);
    db.close();
  }

  it('are taken over as they are, and covered from then on', async () => {
    using dir = memoryDir();
    const data = join(dir.path, 'data');
    old(data);
    await start(data);
    const { records, trail } = await verify(data);
    expect(records).toMatchObject({ tamperedCount: 0, brokenParts: [], schema: [], adoptedAt: 1 });
    expect(trail.brokenAt).toBeNull();
    sql(data, "UPDATE measurement SET value = '9.9'; UPDATE batch SET quantity = 99");
    expect(await tamperedRecords(data)).toEqual(['run ended changed', 'batch B changed']);
    // It happens once: what was changed is not taken over by a later start.
    await start(data);
    expect(await tamperedRecords(data)).toEqual(['run ended changed', 'batch B changed']);
  });

  it('cannot be taken over a second time by a line in the journal', async () => {
    using dir = memoryDir();
    const data = join(dir.path, 'data');
    old(data);
    await start(data);
    sql(data, "INSERT INTO record_journal (tbl, key) VALUES ('history', 'adopted')");
    expect(await tamperingIn(data)).not.toEqual([]);
  });
});

describe('a later version', () => {
  it('that adds columns leaves every record as it was written', async () => {
    using dir = memoryDir();
    const database = openStationDatabase(dir.path);
    addBatch(database);
    database.transaction(() => {
      beginRun(database, 'r1');
      database.users.put({ name: 'Li', role: 'operator', pinHash: 'x' }, 1);
    });
    finishRun(database, 'r1', 2, 'PASS', null);
    database.close();
    sql(
      dir.path,
      `ALTER TABLE person ADD COLUMN a TEXT; ALTER TABLE person ADD COLUMN b INTEGER NOT NULL DEFAULT 7;
       ALTER TABLE run ADD COLUMN c TEXT NOT NULL DEFAULT 'it''s'; CREATE TABLE later (x INTEGER) STRICT`,
    );
    expect((await verify(dir.path)).records).toMatchObject({ tampered: [], brokenParts: [] });
    sql(
      dir.path,
      "DROP TRIGGER run_never_overwritten; UPDATE person SET b = 8; UPDATE run SET outcome = 'FAIL'",
    );
    expect(await tamperedRecords(dir.path)).toEqual(['run r1 changed', 'person Li changed']);
  });
});

describe('a restore', () => {
  it('is not reported as tampering: the journal continues from the backup, and the runs left behind are named', async () => {
    using dir = memoryDir();
    await start(dir.path);
    const station = await openStation(dir.path);
    addBatch(station.database);
    const end = (runId: string): void => {
      station.database.transaction(() => beginRun(station.database, runId, runId));
      finishRun(station.database, runId, 5, 'PASS', null);
    };
    end('before');
    const by = { user: 'Li', role: 'engineer' } as const;
    const backup = await station.health.backUp('20260101T000000', by);
    end('after-1');
    end('after-2');
    await station.close();
    const old = openStationDatabase(dir.path);
    // The trail of the database that is replaced has what the backup has not.
    createJournalDigests(old, createAuditTrail(old, createNodePlatform(dir.path).clock)).append();
    old.close();
    await restoreStation(createNodePlatform(dir.path), { from: backup, reason: 'r', approver: 'a', by });
    await start(dir.path);
    expect(await tamperingIn(dir.path)).toEqual([]);
    const restored = openStationDatabase(dir.path);
    const left = [...restored.audit.iterate()].filter(({ action }) => action === 'run.left-behind');
    expect(left.map(({ details }) => JSON.parse(details) as unknown)).toEqual([{ runs: 'after-1 after-2' }]);
    createJournalDigests(restored, createAuditTrail(restored, createNodePlatform(dir.path).clock)).append();
    restored.close();
    expect(await tamperingIn(dir.path)).toEqual([]);
    sql(dir.path, 'UPDATE batch SET quantity = 99');
    expect(await tamperedRecords(dir.path)).toEqual(['batch B changed']);
  });
});
