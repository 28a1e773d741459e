import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../station/core/audit-log/index.ts';
import { HighWaterMark, readHighMark } from '../../station/core/database/high-water-mark.ts';
import { openStationDatabase, databaseFile } from '../../station/core/database/index.ts';
import { invoke } from '../kit/in-process.ts';
import { faultOf } from '../support/fault-of.ts';
import { openSampleStore, PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { keepFrames, readFrames } from './support/write-ahead-log.ts';
import { openStation } from '../kit/station.ts';

const WRITER = fileURLToPath(new URL('../station/core/database/write-loop.ts', import.meta.url));
const RUNS = 20;

/** A station is killed while it writes; then a disk or a person removes data of its log. */
describe('a database that lost the end of its log', () => {
  let made: ReturnType<typeof tempDir>;
  /** The data directory after the kill; each test copies it. */
  let killed: string;
  /** The number of runs that were announced as finished. */
  let announced = 0;
  beforeAll(async () => {
    made = tempDir('lost-end');
    killed = join(made.path, 'killed');
    openSampleStore(killed).close();
    const child = spawn(process.execPath, [WRITER, killed, PRODUCT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    createInterface(child.stdout).on('line', () => {
      announced += 1;
      if (announced === RUNS) child.kill('SIGKILL');
    });
    await exited;
    rmSync(join(killed, 'station.lock'), { force: true });
  });
  afterAll(() => made[Symbol.dispose]());

  const copy = (name: string): string => {
    const dir = join(made.path, name);
    cpSync(killed, dir, { recursive: true });
    return dir;
  };
  const runsIn = (dir: string): number => {
    const db = new Database(databaseFile(dir), { readonly: true });
    try {
      return Number(db.prepare('SELECT count(*) FROM run WHERE outcome IS NOT NULL').pluck().get());
    } finally {
      db.close();
    }
  };
  const marked = (dir: string): number => readHighMark(databaseFile(dir))?.progress.runs ?? 0;
  const wal = (dir: string): string => `${databaseFile(dir)}-wal`;

  it('opens when it lost nothing, and its mark tells of every run that was said to be finished', () => {
    const dir = copy('whole');
    expect(marked(dir)).toBeGreaterThanOrEqual(announced);
    const database = openStationDatabase(dir);
    expect(database.readProgress().runs).toBeGreaterThanOrEqual(announced);
    database.close();
    expect(marked(dir)).toBe(runsIn(dir));
    openStationDatabase(dir).close();
  });

  it.each<[string, (dir: string) => void]>([
    ['the last transaction', (dir) => keepFrames(wal(dir), (readFrames(wal(dir)).commits.at(-14) ?? 0) + 1)],
    [
      'all from the middle of a frame on',
      (dir) => keepFrames(wal(dir), readFrames(wal(dir)).commits[20] ?? 0, 99),
    ],
    ['all but its first frame', (dir) => keepFrames(wal(dir), 1)],
    ['everything', (dir) => rmSync(wal(dir))],
    [
      'a bit in the middle',
      (dir) => {
        const bytes = readFileSync(wal(dir));
        const { frameBytes, commits } = readFrames(wal(dir));
        const at = 32 + (commits[15] ?? 0) * frameBytes + 500;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(wal(dir), bytes);
      },
    ],
  ])('is refused, with how much is missing, when the log lost %s', async (what, lose) => {
    const dir = copy(what);
    lose(dir);
    const walBytes = existsSync(wal(dir)) ? readFileSync(wal(dir)) : null;
    const missing = marked(dir) - runsIn(dir);
    expect(missing).toBeGreaterThan(0);
    const fault = await faultOf(() => openStationDatabase(dir));
    expect(fault).toMatchObject({ code: 'database-corrupt', details: { missingRuns: missing } });
    expect(fault.message).toContain(`${missing} finished run`);
    // The start changed nothing: a log that is found again can be restored.
    if (walBytes !== null) expect(readFileSync(wal(dir)).equals(walBytes)).toBe(true);
    expect((await faultOf(() => openStationDatabase(dir))).code).toBe('database-corrupt');
    copyFileSync(wal(killed), wal(dir));
    const database = openStationDatabase(dir);
    expect(database.readProgress().runs).toBeGreaterThanOrEqual(announced);
    database.close();
  });

  it('never opens silently with a log of another day', async () => {
    const dir = copy('old-log');
    const old = readFileSync(wal(dir));
    const database = openStationDatabase(dir);
    database.checkpoint();
    database.transaction(() => database.meta.set('later', 'x'));
    database.close();
    writeFileSync(wal(dir), old.subarray(0, 32 + 5 * readFrames(wal(killed)).frameBytes));
    const opened = await faultOf(() => {
      const reopened = openStationDatabase(dir);
      const { runs } = reopened.readProgress();
      const problem = reopened.checkIntegrity();
      reopened.close();
      if (runs >= announced && problem === null) throw new SameAsBefore();
    }).catch((error: unknown) => error);
    if (!(opened instanceof SameAsBefore)) expect(opened).toMatchObject({ code: 'database-corrupt' });
  });

  it('is named by the doctor, and goes on only when somebody has accepted the loss, with nothing in hand', async () => {
    const dir = copy('accepted');
    rmSync(wal(dir));
    const missing = marked(dir) - runsIn(dir);
    const doctor = await invoke('doctor', '--data', dir, '--json');
    expect(doctor.status).toBe(4);
    expect(doctor.events).toContainEqual(
      expect.objectContaining({
        name: 'end',
        level: 'fail',
        message: expect.stringContaining(`${missing} finished runs`),
      }),
    );
    const refused = await invoke('batch', 'list', '--data', dir, '--json');
    const accept = [
      'restore',
      '--data',
      dir,
      '--from',
      databaseFile(dir),
      '--reason',
      'the disk lost it',
      '--approver',
      'Wang',
    ];
    const restored = await invoke(...accept, '--json');
    expect(restored).toMatchObject({
      status: 0,
      events: [{ event: 'station.restored', missing: { runs: missing }, quarantined: 4 }],
    });
    expect(refused.status).toBeLessThanOrEqual(4);

    const station = await openStation(dir);
    expect(station.database.triples.listInState('available')).toEqual([]);
    expect(verifyAudit(station.database).brokenAt).toBeNull();
    const entry = station.database.audit.listOfSubject(databaseFile(dir)).at(-1);
    expect(entry).toMatchObject({ action: 'station.restore' });
    expect(JSON.parse(entry?.details ?? '{}')).toMatchObject({
      approver: 'Wang',
      missing: expect.stringContaining(`${missing} finished runs`),
      runsLost: missing,
    });
    await station.close();
    openStationDatabase(dir).close();
    // Nothing remains to be accepted.
    expect(await invoke(...accept, '--json')).toMatchObject({ status: 2, events: [{ code: 'bad-input' }] });
  });
});

class SameAsBefore extends Error {}

describe('the mark beside a database', () => {
  const at = (runs: number) => ({ steps: 7, runs, entries: 3, messages: runs });

  it('keeps one whole record whatever is torn, and says never less than an older one', () => {
    using dir = tempDir('mark');
    const file = join(dir.path, 'station.db');
    const path = join(dir.path, 'station.mark');
    writeFileSync(path, '0000000000000007\n');
    expect(readHighMark(file)).toEqual({
      readable: true,
      progress: { steps: 7, runs: 0, entries: 0, messages: 0 },
    });
    const mark = new HighWaterMark(file);
    mark.raise(at(1));
    mark.raise(at(2));
    mark.close();
    const whole = readFileSync(path);
    expect(readHighMark(file)?.progress).toEqual(at(2));
    for (const [sector, known] of [
      [0, 2],
      [512, 1],
    ] as const) {
      const torn = Buffer.from(whole);
      torn.fill(0x39, sector + 20, sector + 40);
      writeFileSync(path, torn);
      expect(readHighMark(file)).toEqual({ readable: true, progress: at(known) });
    }
    writeFileSync(path, 'x'.repeat(600));
    expect(readHighMark(file)).toMatchObject({ readable: false, progress: { runs: 0 } });
  });
});
