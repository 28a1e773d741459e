import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { Fault, FAULT_CLASS, type FaultCode } from '#shared/domain/fault.ts';
import {
  openStationDatabase,
  openStationDatabaseForReading,
  type WritableDatabase,
  databaseFile,
} from '../../station/core/database/index.ts';
import { asStationDatabaseFault } from '../../station/core/database/database-fault.ts';
import { invoke } from '../kit/in-process.ts';
import { faultOf } from '../support/fault-of.ts';
import { createNodeClock } from '../../station/devices/drivers/node/clock.ts';
import { openSampleStore } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { canMount, mountSmallDisk } from './support/small-disk.ts';
import { openStation, startStation, nextRunEvent } from '../kit/station.ts';
import { simulated, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';

/** Every error code of https://www.sqlite.org/rescode.html with its fault on a healthy disk. */
const SQLITE: Readonly<Partial<Record<FaultCode | 'other', string>>> = {
  'database-corrupt': 'CORRUPT CORRUPT_INDEX CORRUPT_SEQUENCE CORRUPT_VTAB NOTADB',
  'data-busy': 'BUSY BUSY_RECOVERY BUSY_SNAPSHOT BUSY_TIMEOUT LOCKED LOCKED_SHAREDCACHE LOCKED_VTAB PROTOCOL',
  'disk-full': 'FULL',
  'file-missing': 'READONLY_DBMOVED',
  'file-denied':
    'CANTOPEN CANTOPEN_CONVPATH CANTOPEN_DIRTYWAL CANTOPEN_FULLPATH CANTOPEN_ISDIR CANTOPEN_NOTEMPDIR CANTOPEN_SYMLINK READONLY READONLY_CANTINIT READONLY_CANTLOCK READONLY_DIRECTORY READONLY_RECOVERY READONLY_ROLLBACK PERM AUTH AUTH_USER',
  'disk-failing':
    'IOERR IOERR_ACCESS IOERR_AUTH IOERR_BEGIN_ATOMIC IOERR_BLOCKED IOERR_CHECKRESERVEDLOCK IOERR_CLOSE IOERR_COMMIT_ATOMIC IOERR_CONVPATH IOERR_CORRUPTFS IOERR_DATA IOERR_DELETE IOERR_DELETE_NOENT IOERR_DIR_CLOSE IOERR_DIR_FSYNC IOERR_FSTAT IOERR_FSYNC IOERR_GETTEMPPATH IOERR_IN_PAGE IOERR_LOCK IOERR_MMAP IOERR_RDLOCK IOERR_READ IOERR_ROLLBACK_ATOMIC IOERR_SEEK IOERR_SHMLOCK IOERR_SHMMAP IOERR_SHMOPEN IOERR_SHMSIZE IOERR_SHORT_READ IOERR_TRUNCATE IOERR_UNLOCK IOERR_VNODE IOERR_WRITE NOLFS',
  other:
    'ABORT ABORT_ROLLBACK CONSTRAINT CONSTRAINT_CHECK CONSTRAINT_COMMITHOOK CONSTRAINT_DATATYPE CONSTRAINT_FOREIGNKEY CONSTRAINT_FUNCTION CONSTRAINT_NOTNULL CONSTRAINT_PINNED CONSTRAINT_PRIMARYKEY CONSTRAINT_ROWID CONSTRAINT_TRIGGER CONSTRAINT_UNIQUE CONSTRAINT_VTAB EMPTY ERROR ERROR_MISSING_COLLSEQ ERROR_RETRY ERROR_SNAPSHOT FORMAT INTERNAL INTERRUPT IOERR_NOMEM MISMATCH MISUSE NOMEM NOTFOUND RANGE SCHEMA TOOBIG',
};

/** As in `run-unit.ts`, but shorter here. */
const SPACE_RETRY_MS = 2000;

const codeOf = (error: unknown, file: string): string =>
  (asStationDatabaseFault(error, file) as { code: string }).code;

describe('what a disk says', () => {
  it.each(Object.entries(SQLITE))(
    'SQLite: is %s where it is, and nothing else is corrupt',
    (expected, codes) => {
      using dir = tempDir('codes');
      for (const short of codes.split(' ')) {
        const code = `SQLITE_${short}`;
        const fault = asStationDatabaseFault(
          new Database.SqliteError('x', code),
          join(dir.path, 'station.db'),
        );
        expect((fault as { code: string }).code, code).toBe(expected === 'other' ? code : expected);
        const hint = String((fault as { hint?: string }).hint);
        expect(hint.includes('restore --from'), code).toBe(expected === 'database-corrupt');
      }
    },
  );

  it('the system: no errno is a corrupt database, and a read-only disk is no matter of rights', () => {
    const reported = new Map(
      Object.keys(constants.errno).map((code) => [
        code,
        codeOf(Object.assign(new Error(code), { code }), '/x/y'),
      ]),
    );
    expect([...reported.values()]).not.toContain('database-corrupt');
    expect(
      Object.fromEntries(
        ['EROFS', 'EIO', 'EACCES', 'ENOSPC', 'EDQUOT', 'ESTALE'].map((c) => [c, reported.get(c)]),
      ),
    ).toEqual({
      EROFS: 'disk-read-only',
      EIO: 'disk-failing',
      EACCES: 'file-denied',
      ENOSPC: 'disk-full',
      EDQUOT: 'disk-full',
      ESTALE: 'disk-failing',
    });
    for (const [code, fault] of reported)
      if (fault !== code) expect(Object.keys(FAULT_CLASS)).toContain(fault);
  });

  it.each(['-wal', '-shm'])(
    'a file beside the database that cannot be opened (%s) is a matter of rights',
    async (part) => {
      using dir = tempDir('part');
      openSampleStore(dir.path).close();
      mkdirSync(`${databaseFile(dir.path)}${part}`);
      const fault = await faultOf(() => {
        const database = openStationDatabase(dir.path);
        using _open = { [Symbol.dispose]: () => database.close() };
        database.transaction(() => database.meta.set('a', 'b'));
      });
      expect(fault).toMatchObject({ code: 'file-denied' });
      expect(fault.hint).not.toContain('restore');
      rmSync(`${databaseFile(dir.path)}${part}`, { recursive: true });
      openStationDatabase(dir.path).close();
    },
  );

  it('a connection that may only read says so, and is no damage', async () => {
    using dir = tempDir('readonly');
    openSampleStore(dir.path).close();
    const reading = openStationDatabaseForReading(dir.path) as WritableDatabase;
    try {
      expect(await faultOf(() => reading.transaction(() => reading.meta.set('a', 'b')))).toMatchObject({
        code: 'file-denied',
      });
      expect(reading.damage).toBeNull();
    } finally {
      reading.close();
    }
  });
});

describe('a disk that refuses at the end of a run', () => {
  it.each(['disk-read-only', 'disk-failing'] as const)(
    '(%s) is waited for: the result is kept, and told',
    async (code) => {
      const real = createNodeClock();
      const clock = {
        ...real,
        sleep: (ms: number, signal: AbortSignal) => real.sleep(ms === SPACE_RETRY_MS ? 20 : ms, signal),
      };
      await using setup = await startStation({
        units: simulated(1),
        registry: 'real',
        recipe: moduleRecipe(),
        platform: { clock },
      });
      const { database } = setup.station;
      const record = database.writeGrouped;
      let refused = 0;
      database.writeGrouped = (work) => {
        refused += 1;
        return refused <= 3 ? Promise.reject(new Fault(code, 'the disk refuses')) : record(work);
      };
      const reported = nextRunEvent(setup.station, 1, 'unrecorded', () => true);
      const run = setup.run(1);
      expect((await reported).fault.code).toBe(code);
      expect(await run).toMatchObject({ outcome: 'PASS' });
      expect(database.runs.listOfSerialNumber(serialOf(1))).toMatchObject([{ outcome: 'PASS' }]);
      expect(refused).toBe(4);
    },
  );
});

describe.skipIf(!canMount())('a disk that is mounted read-only', () => {
  it('is said as what it is at the start and by the doctor: nothing is restored, and nothing was lost', async () => {
    using disk = mountSmallDisk(16);
    const dataDir = join(disk.path, 'station');
    const open = () => openStation(dataDir, { disk: { lowBytes: 1, stopBytes: 1, reserveBytes: 0 } });
    await (await open()).close();
    // As after a kill: with a log beside it.
    const killed = join(disk.path, 'killed');
    const running = openSampleStore(join(disk.path, 'running'));
    cpSync(join(disk.path, 'running'), killed, { recursive: true });
    running.close();
    expect(existsSync(`${databaseFile(killed)}-wal`)).toBe(true);
    disk.readOnly(true);
    const fault = await faultOf(open);
    expect(fault).toMatchObject({ code: 'disk-read-only' });
    expect(fault.hint).toContain('Restore nothing');

    const listed = await invoke('batch', 'list', '--data', dataDir, '--json');
    const doctor = await invoke('doctor', '--data', dataDir, '--json');
    expect([listed.status, doctor.status]).not.toContain(4);
    expect(doctor.status).toBe(3);
    const data = doctor.events.find(({ name }) => name === 'data');
    expect(data).toMatchObject({ level: 'fail', hint: expect.stringContaining('read-only') });
    expect(JSON.stringify([...listed.events, ...doctor.events])).not.toContain('restore --from');

    expect((await faultOf(() => openStationDatabase(killed))).code).toBe('disk-read-only');
    const made = await faultOf(() => openStationDatabase(join(disk.path, 'another')));
    expect(made.code).toBe('disk-read-only');
    disk.readOnly(false);
    await (await open()).close();
  });
});
