import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addBackup } from '../../../../station/administration/backups/add-backup.ts';
import { listBackups, openStationDatabase } from '../../../../station/core/database/index.ts';
import { openSampleStore } from '../../../kit/sample-rows.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const KEY_FILE = JSON.stringify({ format: 'a key file as it comes with a backup' });
const NOW_MS = Date.UTC(2026, 10, 30);

/** A station with one backup, and that backup outside, with its key file. */
async function withBackup(dir: string) {
  const dataDir = join(dir, 'station');
  const database = openSampleStore(dataDir);
  const made = await database.backup('20260301T080000');
  database.transaction(() => {
    database.meta.set('day', '2');
  });
  database.close();
  const outside = join(dir, 'stick');
  mkdirSync(outside);
  const bring = (name: string, content?: string): string => {
    const path = join(outside, name);
    if (content === undefined) copyFileSync(made, path);
    else writeFileSync(path, content);
    return path;
  };
  const names = (): string[] => readdirSync(join(dataDir, 'backups')).sort();
  return { dataDir, bring, names };
}

describe('a backup that is added', () => {
  test('keeps the time of its name, and lies in the list where it belongs', async () => {
    using dir = tempDir('add');
    const { dataDir, bring, names } = await withBackup(dir.path);
    const paths = [bring('station-20250102T030405.db'), bring('station-20250102T030405.key', KEY_FILE)];
    expect(await addBackup(dataDir, paths, NOW_MS, {})).toBe('station-20250102T030405.db');
    expect(listBackups(dataDir).map((path) => path.slice(-18))).toEqual([
      '20260301T080000.db',
      '20250102T030405.db',
    ]);
    expect(names()).toContain('station-20250102T030405.key');
    // The upload was moved: a large one is not written twice.
    expect(paths.map((path) => existsSync(path))).toEqual([false, false]);
  });

  test('is named after its last record when its name has no time, and never replaces another', async () => {
    using dir = tempDir('add');
    const { dataDir, bring } = await withBackup(dir.path);
    const withoutRecords = await addBackup(dataDir, [bring('from-usb.db')], NOW_MS, {});
    expect(withoutRecords).toBe('station-20261130T000000_1.db');
    const taken = await addBackup(dataDir, [bring('station-20260301T080000.db')], NOW_MS, {});
    expect(taken).toBe('station-20260301T080000_1.db');
  });

  test('may get its key later; a key without its backup is refused', async () => {
    using dir = tempDir('add');
    const { dataDir, bring, names } = await withBackup(dir.path);
    const lone = await faultOf(() => addBackup(dataDir, [bring('other.key', KEY_FILE)], NOW_MS, {}));
    expect(lone).toMatchObject({ code: 'bad-input' });
    expect(lone.message).toContain('the key of no backup');
    const key = bring('station-20260301T080000.key', KEY_FILE);
    expect(await addBackup(dataDir, [key], NOW_MS, {})).toBe('station-20260301T080000.db');
    const second = bring('station-20260301T080000.key', KEY_FILE);
    expect((await faultOf(() => addBackup(dataDir, [second], NOW_MS, {}))).message).toContain('already');
    const noKey = bring('station-20250101T000000.key', 'not json');
    const both = [bring('station-20250101T000000.db'), noKey];
    expect((await faultOf(() => addBackup(dataDir, both, NOW_MS, {}))).message).toContain('no key file');
    expect(names()).toEqual(['station-20260301T080000.db', 'station-20260301T080000.key']);
  });

  test('that a kill cut off leaves nothing after the next start, and keeps the key of a whole one', async () => {
    using dir = tempDir('add');
    const { dataDir, names } = await withBackup(dir.path);
    const backups = join(dataDir, 'backups');
    const half = [
      'station-20260401T000000.db.part',
      'station-20260401T000000.key.part',
      'station-20260301T080000.key.part',
    ];
    for (const name of half) writeFileSync(join(backups, name), KEY_FILE);
    writeFileSync(join(dataDir, 'station.db.before-190.part'), 'half');
    openStationDatabase(dataDir).close();
    expect(names()).toEqual(['station-20260301T080000.db', 'station-20260301T080000.key']);
    expect(readFileSync(join(backups, 'station-20260301T080000.key'), 'utf8')).toBe(KEY_FILE);
    expect(readdirSync(dataDir).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
