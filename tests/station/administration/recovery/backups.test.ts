import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { createAutoBackup } from '../../../../station/administration/recovery/auto-backup.ts';
import { checkBackup, listBackups } from '../../../../station/core/database/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { addBatch, addTriples, beginRun } from '../../../kit/sample-rows.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function openBackups(dataDir: string) {
  const database = openStationDatabase(dataDir);
  addTriples(database, 3);
  addBatch(database);
  const clock = manualClock();
  const backups = createAutoBackup({
    database,
    audit: createAuditTrail(database, clock),
    clock,
    log,
    station: () => 'S1',
  });
  const runs = (count: number): void => {
    for (let n = 0; n < count; n += 1)
      database.transaction(() => beginRun(database, `r${database.runs.count()}`));
  };
  return { database, clock, backups, runs };
}

describe('automatic backups', () => {
  it('are due every day and every 500 runs, counted from the first look', async () => {
    using dir = tempDir('backups');
    const { database, clock, backups, runs } = openBackups(dir.path);
    expect(backups.checkDue()).toBe(false);
    expect(backups.lastAtMs()).toBeNull();
    await clock.pass(DAY - 1);
    expect(backups.checkDue()).toBe(false);
    await clock.pass(1);
    expect(backups.checkDue()).toBe(true);
    await backups.make(NEVER_ABORTED);
    expect(backups.lastAtMs()).toBe(clock.nowMs());
    expect(backups.checkDue()).toBe(false);
    runs(499);
    expect(backups.checkDue()).toBe(false);
    runs(1);
    expect(backups.checkDue()).toBe(true);
    database.close();
  });

  it('keep the newest seven, leave those of people alone, and are in the trail', async () => {
    using dir = tempDir('backups');
    const { database, clock, backups } = openBackups(dir.path);
    backups.checkDue();
    const own = await database.backup('19990101T000000');
    for (let day = 1; day <= 10; day += 1) {
      await clock.pass(DAY);
      database.transaction(() => database.meta.set('day', String(day)));
      await backups.make(NEVER_ABORTED);
    }
    const files = listBackups(dir.path);
    expect(files).toHaveLength(8);
    expect(files).toContain(own);
    for (const file of files) expect((await checkBackup(file)).version).toBeGreaterThan(0);
    expect([...database.audit.iterate()].filter(({ action }) => action === 'backup.make')).toHaveLength(10);
    database.close();
  });

  it('include one after which the process ended before it recorded the copy', async () => {
    using dir = tempDir('backups');
    const { database, clock, backups } = openBackups(dir.path);
    backups.checkDue();
    const transaction = database.transaction;
    await clock.pass(DAY);
    let writes = 0;
    database.transaction = (work) => {
      if ((writes += 1) === 2) throw new Error('the process ends here');
      return transaction(work);
    };
    await expect(backups.make(NEVER_ABORTED)).rejects.toThrow('the process ends here');
    database.transaction = transaction;
    expect(listBackups(dir.path)).toHaveLength(1);
    for (let day = 1; day <= 7; day += 1) {
      await clock.pass(DAY);
      await backups.make(NEVER_ABORTED);
    }
    expect(listBackups(dir.path)).toHaveLength(7);
    database.close();
  });

  it('that fail remove none of the others', async () => {
    using dir = tempDir('backups');
    const { database, clock, backups } = openBackups(dir.path);
    await backups.make(NEVER_ABORTED);
    const made = listBackups(dir.path);
    const { backup } = database;
    database.backup = () => Promise.reject(new Fault('disk-full', 'no space'));
    for (let day = 1; day <= 8; day += 1) {
      await clock.pass(DAY);
      await expect(backups.make(NEVER_ABORTED)).rejects.toMatchObject({ code: 'disk-full' });
    }
    database.backup = backup;
    await clock.pass(DAY);
    await backups.make(NEVER_ABORTED);
    expect(listBackups(dir.path)).toEqual(expect.arrayContaining(made));
    expect(listBackups(dir.path)).toHaveLength(2);
    database.close();
  });

  it('are not thrown away by a clock that was set back', async () => {
    using dir = tempDir('backups');
    const { database, clock, backups } = openBackups(dir.path);
    backups.checkDue();
    clock.jump(9 * 365 * DAY);
    for (let n = 0; n < 7; n += 1) {
      await clock.pass(DAY);
      await backups.make(NEVER_ABORTED);
    }
    clock.jump(-9 * 365 * DAY);
    // The one before seems to be years ahead: that is no reason to wait for years.
    expect(backups.checkDue()).toBe(true);
    await backups.make(NEVER_ABORTED);
    const newest = new Date(clock.nowMs()).toISOString().slice(0, 10).replaceAll('-', '');
    expect(listBackups(dir.path).some((file) => file.includes(newest))).toBe(true);
    expect(listBackups(dir.path)).toHaveLength(7);
    database.close();
  });

  it('that cannot be made leave nothing half behind', async () => {
    using dir = tempDir('backups');
    const { database, backups } = openBackups(dir.path);
    writeFileSync(join(dir.path, 'backups'), 'a file where the directory should be');
    await expect(backups.make(NEVER_ABORTED)).rejects.toMatchObject({ code: 'file-denied' });
    expect(backups.lastAtMs()).toBeNull();
    expect(existsSync(join(dir.path, 'backups'))).toBe(true);
    expect(readdirSync(dir.path).filter((name) => name.endsWith('.part'))).toEqual([]);
    database.close();
  });
});
