import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import {
  type BackupSchedule,
  changeSchedule,
  createAutoBackup,
} from '../../../../station/administration/recovery/index.ts';
import { checkBackup, openStationDatabase } from '../../../../station/core/database/index.ts';
import { addTriples } from '../../../kit/sample-rows.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const HOUR = 3_600_000;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const ME = { user: '陈静', role: 'engineer' } as const;

function openBackups(dir: string) {
  const dataDir = join(dir, 'data');
  const database = openStationDatabase(dataDir);
  addTriples(database, 3);
  const clock = manualClock();
  const audit = createAuditTrail(database, clock);
  const backups = createAutoBackup({ database, audit, clock, log, station: () => 'L3/07' });
  const change = (schedule: BackupSchedule): Promise<void> =>
    changeSchedule({ database, audit, dataDir }, schedule, ME, NEVER_ABORTED);
  const folder = join(dir, 'usb');
  mkdirSync(folder);
  /** The copies of this station: a folder that stations share has one of its own for each. */
  const copies = (): string[] => readdirSync(join(folder, 'L3-07')).sort();
  return { dataDir, database, clock, backups, change, folder, copies };
}

describe('the schedule of automatic backups', () => {
  it('decides when one is due and how many are kept, and its change is in the trail', async () => {
    using dir = tempDir('schedule');
    const { dataDir, database, clock, backups, change } = openBackups(dir.path);
    backups.checkDue();
    await change({ everyHours: 2, kept: 3, folder: null });
    await clock.pass(2 * HOUR - 1);
    expect(backups.checkDue()).toBe(false);
    await clock.pass(1);
    expect(backups.checkDue()).toBe(true);
    for (let n = 0; n < 5; n += 1) {
      await backups.make(NEVER_ABORTED);
      await clock.pass(2 * HOUR);
    }
    expect(readdirSync(join(dataDir, 'backups'))).toHaveLength(3);
    const entry = [...database.audit.iterate()].find(({ action }) => action === 'settings.backup');
    expect(entry).toMatchObject({ actor: '陈静' });
    expect(JSON.parse(entry?.details ?? '')).toMatchObject({ everyHours: 2, kept: 3, keptBefore: 7 });
    database.close();
  });

  it('copies each backup to a second folder, whole, and keeps as many there', async () => {
    using dir = tempDir('schedule');
    const { database, clock, backups, change, folder, copies } = openBackups(dir.path);
    await change({ everyHours: 24, kept: 2, folder });
    mkdirSync(join(folder, 'L3-07'));
    // A copy that a kill cut off, and a file of a person.
    writeFileSync(join(folder, 'L3-07', 'station-20200101T000000.db.part'), 'half');
    writeFileSync(join(folder, 'L3-07', 'notes.txt'), 'mine');
    // What other programs have with the same ending stays, and holds up no copy.
    writeFileSync(join(folder, 'L3-07', 'video.mp4.part'), 'mine');
    mkdirSync(join(folder, 'L3-07', 'station-20200102T000000.db.part'));
    for (let n = 0; n < 4; n += 1) {
      await clock.pass(24 * HOUR);
      await backups.make(NEVER_ABORTED);
    }
    expect(copies()).toHaveLength(5);
    expect(copies()).toEqual(
      expect.arrayContaining(['notes.txt', 'video.mp4.part', 'station-20200102T000000.db.part']),
    );
    for (const name of copies().filter((one) => one.endsWith('.db')))
      expect((await checkBackup(join(folder, 'L3-07', name))).version).toBeGreaterThan(0);
    expect(backups.lastCopyAtMs()).toBe(clock.nowMs());
    database.close();
  });

  it('copies nothing through a link to the backups of this computer', async () => {
    using dir = tempDir('schedule');
    const { dataDir, database, backups, change, folder } = openBackups(dir.path);
    await change({ everyHours: 24, kept: 2, folder });
    const own = join(dataDir, 'backups');
    mkdirSync(own);
    symlinkSync(own, join(folder, 'L3-07'));
    writeFileSync(join(own, 'station-20200101T000000.db.part'), 'being written');
    expect((await faultOf(() => backups.make(NEVER_ABORTED))).code).toBe('bad-input');
    expect(readdirSync(own)).toHaveLength(2);
    expect(readdirSync(own)).toContain('station-20200101T000000.db.part');
    expect(backups.lastCopyAtMs()).toBe(null);
    database.close();
  });

  it('still makes the backup on this computer when the stick was pulled, and copies again when it is back', async () => {
    using dir = tempDir('schedule');
    const { dataDir, database, clock, backups, change, folder, copies } = openBackups(dir.path);
    await change({ everyHours: 24, kept: 7, folder });
    rmSync(folder, { recursive: true });
    const fault = await faultOf(() => backups.make(NEVER_ABORTED));
    expect(fault.code).toBe('file-missing');
    expect(readdirSync(join(dataDir, 'backups'))).toHaveLength(1);
    expect(backups.lastCopyAtMs()).toBe(null);
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder);
    await clock.pass(24 * HOUR);
    await backups.make(NEVER_ABORTED);
    expect(copies()).toHaveLength(1);
    database.close();
  });

  it('is not changed to a folder that cannot be used', async () => {
    using dir = tempDir('schedule');
    const { dataDir, database, change, folder } = openBackups(dir.path);
    const to = (path: string) => faultOf(() => change({ everyHours: 24, kept: 7, folder: path }));
    expect((await to('usb/backups')).code).toBe('bad-input');
    expect((await to(join(dir.path, 'absent'))).code).toBe('file-missing');
    mkdirSync(join(dataDir, 'backups'), { recursive: true });
    expect((await to(join(dataDir, 'backups'))).code).toBe('bad-input');
    if (process.getuid?.() !== 0) {
      chmodSync(folder, 0o500);
      expect((await to(folder)).code).toBe('file-denied');
      chmodSync(folder, 0o700);
    }
    expect([...database.audit.iterate()].map(({ action }) => action)).not.toContain('settings.backup');
    expect(readdirSync(folder)).toEqual([]);
    database.close();
  });
});
