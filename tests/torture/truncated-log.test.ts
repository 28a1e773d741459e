import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTruncatedLog } from '../../bench/torture/truncated-log.ts';
import { createRandomSource } from '../../bench/lib/random-source.ts';
import { finishRun } from '../../station/execution/executor/finish-run.ts';
import type { WritableDatabase } from '../../station/core/database/index.ts';
import { beginRun, openSampleStore } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { partOf } from '../support/rotation.ts';

/** Proves that the check of the torture finds defects. */
describe('the torture of a log that loses its end', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  const announced = new Map<string, string>();
  const older: Buffer[] = [];
  /** As a killed station: its database is open, and its log is beside it. */
  beforeAll(() => {
    dir = tempDir('lost-frames');
    database = openSampleStore(join(dir.path, 'station'));
    for (let n = 1; n <= 12; n++) {
      beginRun(database, `run-${n}`);
      finishRun(database, `run-${n}`, n, 'FAIL', null);
      announced.set(`run-${n}`, 'FAIL');
      older.push(readFileSync(join(dir.path, 'station', 'station.mark')));
    }
  });
  afterAll(() => {
    database.close();
    dir[Symbol.dispose]();
  });

  const tried = async (seed: string, damage: (dataDir: string) => void) => {
    const dataDir = join(dir.path, seed);
    cpSync(join(dir.path, 'station'), dataDir, { recursive: true });
    damage(dataDir);
    const sut = { name: 'T', dataDir, flashDir: join(dir.path, 'none'), units: [], announced };
    return checkTruncatedLog(sut, join(dir.path, `${seed}-copy`), createRandomSource(seed));
  };

  it.each(partOf(['a', 'b', 'c', 'd', 'e', 'f'], 2))(
    'finds nothing in a station that says what it lacks (seed %s)',
    async (seed) => {
      expect(await tried(seed, () => undefined)).toMatchObject({ unreported: [], handedOut: [] });
    },
  );

  it('finds nothing where a cut contradicts pages that are in the file already', async () => {
    const large = join(dir.path, 'large');
    const runIds = Array.from({ length: 250 }, (_, n) => `run-${(n * 7919) % 10_007}`);
    const store = openSampleStore(large);
    for (const [n, runId] of runIds.entries()) {
      beginRun(store, runId);
      finishRun(store, runId, n, 'FAIL', null);
    }
    copyPagesAndKeepLog(large);
    const sut = {
      name: 'T',
      dataDir: large,
      flashDir: join(dir.path, 'none'),
      units: [],
      announced: new Map(runIds.map((runId) => [runId, 'FAIL'])),
    };
    for (const seed of ['i', 'j'])
      expect(
        await checkTruncatedLog(sut, join(dir.path, `large-${seed}`), createRandomSource(seed)),
      ).toMatchObject({ unreported: [], handedOut: [] });
    store.close();
  });

  it.each<[string, (dataDir: string) => void, RegExp]>([
    ['has no mark', (at) => rmSync(join(at, 'station.mark')), /12 runs were announced, and there is no mark/],
    [
      'has a mark that lags',
      (at) => writeFileSync(join(at, 'station.mark'), older[4] ?? ''),
      /12 runs were announced, and the mark has 5/,
    ],
    [
      'had lost something before',
      (at) => rmSync(join(at, 'station.db-wal')),
      /the mark has 12 runs, and there never were more than 0/,
    ],
  ])('finds a station that %s', async (defect, damage, message) => {
    expect((await tried(defect, damage)).unreported[0]).toMatch(message);
  });
});

/** As a station that was killed after a checkpoint, before its log was begun again. */
function copyPagesAndKeepLog(dataDir: string): void {
  const file = join(dataDir, 'station.db');
  const db = new Database(file);
  db.pragma('wal_checkpoint(PASSIVE)');
  const log = readFileSync(`${file}-wal`);
  db.close();
  writeFileSync(`${file}-wal`, log);
}
