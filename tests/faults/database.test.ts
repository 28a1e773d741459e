import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Station } from '#station';
import { openStationDatabase, databaseFile } from '../../station/core/database/index.ts';
import { invoke } from '../kit/in-process.ts';
import { faultOf } from '../support/fault-of.ts';
import { addTriples, openSampleStore, PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { canMount, mountSmallDisk } from './support/small-disk.ts';
import { openStation, startStation, nextRunEvent } from '../kit/station.ts';
import { simulated, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';

const WRITER = fileURLToPath(new URL('../station/core/database/write-loop.ts', import.meta.url));

/**
 * Leaves a data directory as after a power failure during writes. Returns the number of runs that were announced as
 * durable.
 */
async function powerFailed(dataDir: string): Promise<number> {
  openSampleStore(dataDir).close();
  const child = spawn(process.execPath, [WRITER, dataDir, PRODUCT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let announced = 0;
  createInterface(child.stdout).on('line', () => {
    announced += 1;
    if (announced === 12) child.kill('SIGKILL');
  });
  await exited;
  return announced;
}

describe('a write-ahead log that is torn', () => {
  let torn: ReturnType<typeof tempDir>;
  /** The finished runs before the log was torn. */
  let finishedRuns: string[];

  beforeAll(async () => {
    torn = tempDir('torn');
    const announced = await powerFailed(torn.path);
    expect(existsSync(`${databaseFile(torn.path)}-wal`)).toBe(true);
    using copy = copyOfLeft();
    finishedRuns = finishedIn(copy.path);
    expect(finishedRuns.length).toBeGreaterThanOrEqual(announced);
  });
  afterAll(() => torn[Symbol.dispose]());

  function copyOfLeft(): ReturnType<typeof tempDir> {
    const copy = tempDir('torn');
    for (const part of ['', '-wal'])
      copyFileSync(databaseFile(torn.path) + part, databaseFile(copy.path) + part);
    return copy;
  }

  it.each<[string, (wal: string) => void]>([
    ['by a few bytes', (wal) => truncateSync(wal, statSync(wal).size - 7)],
    ['in the middle of its last pages', (wal) => truncateSync(wal, statSync(wal).size - 9000)],
    [
      'at its end, which is noise',
      (wal) => {
        const bytes = readFileSync(wal);
        bytes.fill(0xa5, bytes.length - 6000);
        writeFileSync(wal, bytes);
      },
    ],
    [
      'at its end, where the disk has put zeros',
      (wal) => {
        const bytes = readFileSync(wal);
        bytes.fill(0, bytes.length - 6000);
        writeFileSync(wal, bytes);
      },
    ],
    ['and noise was appended', (wal) => writeFileSync(wal, Buffer.alloc(5000, 0x3c), { flag: 'a' })],
  ])('%s costs at most what was being written, and the rest is whole', (_what, tear) => {
    using dir = copyOfLeft();
    tear(`${databaseFile(dir.path)}-wal`);
    const remaining = finishedIn(dir.path);
    // The remaining runs are a prefix: only the last ones may be missing.
    expect(finishedRuns.slice(0, remaining.length)).toEqual(remaining);
    expect(finishedRuns.length - remaining.length).toBeLessThanOrEqual(3);
    const database = openStationDatabase(dir.path);
    expect(database.checkIntegrity()).toBeNull();
    expect(database.findViolations()).toEqual([]);
    database.close();
  });

  function finishedIn(dataDir: string): string[] {
    const database = openStationDatabase(dataDir);
    const runs = database.runs.listOfBatch('B', 10_000).filter(({ outcome }) => outcome !== null);
    database.close();
    return runs.map(({ runId }) => runId).sort(byNumber);
  }
  function byNumber(a: string, b: string): number {
    return Number(a.split('-')[1]) - Number(b.split('-')[1]);
  }
});

describe('a page that is damaged', () => {
  it('stops the start with 4, says what to do, and touches nothing', async () => {
    using dir = tempDir('page');
    const database = openStationDatabase(dir.path);
    addTriples(database, 2000);
    const backup = await database.backup('20260101T000000');
    database.close();
    const bytes = readFileSync(databaseFile(dir.path));
    bytes.fill(0xee, 40_960, 49_152);
    writeFileSync(databaseFile(dir.path), bytes);
    for (const command of [
      ['batch', 'list'],
      ['triples', 'audit'],
      ['sync', 'status'],
    ]) {
      const result = await invoke(...command, '--data', dir.path, '--json');
      expect(result.status).toBe(4);
      expect(result.events).toMatchObject([{ event: 'error', code: 'database-corrupt' }]);
      expect(result.events[0]?.['hint']).toContain(`restore --from ${backup}`);
    }
    expect(readFileSync(databaseFile(dir.path)).equals(bytes)).toBe(true);
  });

  it('found while the station works ends the run as the station’s fault and starts no other', async () => {
    await using setup = await startStation({ units: simulated(2), registry: 'real', recipe: moduleRecipe() });
    const { station, dataDir } = setup;
    const burning = nextRunEvent(station, 1, 'phase', ({ phase }) => phase.name === 'test');
    const run = setup.run(1);
    await burning;
    // While it is open: overwrites the table of steps, as a failing disk does.
    damage(dataDir, ['run_step', 'measurement']);
    expect(await run).toMatchObject({ outcome: 'ERROR', failure: { code: 'database-corrupt' } });
    expect(await faultOf(() => setup.run(2))).toMatchObject({ code: 'database-corrupt' });
    expect(station.database.runs.listOfSerialNumber(serialOf(2))).toEqual([]);
  });

  function damage(dataDir: string, tables: readonly string[]): void {
    const db = new Database(databaseFile(dataDir));
    // A change by another connection, which invalidates cached pages.
    db.exec("INSERT INTO meta VALUES ('damaged', 'yes')");
    db.pragma('wal_checkpoint(TRUNCATE)');
    const size = Number(db.pragma('page_size', { simple: true }));
    const marks = tables.map(() => '?').join();
    const pages = db
      .prepare(`SELECT pageno FROM dbstat WHERE name IN (${marks})`)
      .pluck()
      .all(...tables);
    db.close();
    const bytes = readFileSync(databaseFile(dataDir));
    for (const page of pages as number[]) bytes.fill(0xee, (page - 1) * size, page * size);
    writeFileSync(databaseFile(dataDir), bytes);
  }
});

describe.skipIf(!canMount())('a file system that is read-only', () => {
  const open = (dataDir: string): Promise<Station> =>
    openStation(dataDir, { disk: { lowBytes: 0, stopBytes: 0, reserveBytes: 1024 } });

  it('is said with 3 before anything begins, and all is there when it can be written again', async () => {
    using disk = mountSmallDisk(8);
    const dataDir = join(disk.path, 'station');
    const station = await open(dataDir);
    addTriples(station.database, 3);
    await station.close();
    const before = readFileSync(databaseFile(dataDir));
    disk.readOnly(true);
    const fault = await faultOf(() => open(dataDir));
    expect(fault).toMatchObject({ code: 'disk-read-only', class: 'environment' });
    expect(fault.hint).toContain('Restore nothing');
    expect((await invoke('batch', 'list', '--data', dataDir, '--json')).status).toBe(3);
    const doctor = await invoke('doctor', '--data', dataDir, '--json');
    expect(doctor.status).toBe(3);
    expect(doctor.events[0]).toMatchObject({ name: 'data', ok: false });
    disk.readOnly(false);
    expect(readFileSync(databaseFile(dataDir)).equals(before)).toBe(true);
    const reopened = await open(dataDir);
    expect(reopened.database.triples.listInState('available')).toHaveLength(3);
    await reopened.close();
  });
});

describe('a recording that cannot be made', () => {
  it('ends the run before the unit is spoken to', async () => {
    using dir = tempDir('recordings');
    writeFileSync(join(dir.path, 'recordings'), 'a file where the directory should be');
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      dataDir: dir.path,
    });
    expect(await setup.run(1)).toMatchObject({ outcome: 'ERROR', failure: { code: 'file-denied' } });
    expect(setup.stateOf(1)).toBeNull();
    rmSync(join(dir.path, 'recordings'));
    expect(await setup.run(1)).toMatchObject({ outcome: 'PASS' });
  });
});
