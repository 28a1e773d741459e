import { existsSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileFaultCodeOf, isDiskFaultCode, makeDir, TEMPORARY_ENDING } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { backupFileName } from '../../core/database/index.ts';
import { keyFileOf } from '../recovery/index.ts';
import { checkChosenBackup } from './check-chosen-backup.ts';

/**
 * Copies a backup from outside, and its key file, to the backups of the station; it has its name only when it is whole.
 * Returns the name. Faults: `bad-input` when none of the files is a backup, those of `checkChosenBackup`, `disk-full`.
 *
 * @param stamp for the name of a backup that has none of its own
 */
export async function addBackup(dataDir: string, paths: readonly string[], stamp: string): Promise<string> {
  const [database, ...more] = paths.filter((path) => !path.endsWith('.key'));
  const key = paths.find((path) => path.endsWith('.key'));
  if (database === undefined || more.length > 0)
    throw new Fault('bad-input', 'a backup is one file, and its key file may come along', {
      hint: 'Choose station-….db, and station-….key beside it.',
    });
  checkChosenBackup(database);
  const dir = join(dataDir, 'backups');
  const own = basename(database);
  const isFree = (name: string): boolean => !existsSync(join(dir, name));
  const name = /^station-\w+\.db$/.test(own) && isFree(own) ? own : freeName(stamp, isFree);
  const target = join(dir, name);
  const part = `${target}${TEMPORARY_ENDING}`;
  try {
    makeDir(dir);
    await copyFile(database, part);
    // The key comes first: a backup without its key would be restored without its secrets.
    if (key !== undefined) await copyFile(key, keyFileOf(target));
    await rename(part, target);
    return name;
  } catch (cause) {
    await rm(part, { force: true });
    const code = fileFaultCodeOf(cause);
    throw new Fault(isDiskFaultCode(code) ? code : 'file-denied', `${target} could not be written`, {
      hint: 'Free space on this disk, then add the backup again.',
      cause,
    });
  }
}

function freeName(stamp: string, isFree: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const name = backupFileName(`${stamp}_${number}`);
    if (isFree(name)) return name;
  }
}
