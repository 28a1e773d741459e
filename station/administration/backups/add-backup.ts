import { existsSync } from 'node:fs';
import { copyFile, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  fileFaultCodeOf,
  hasErrno,
  isDiskFaultCode,
  makeDir,
  renameDurably,
  TEMPORARY_ENDING,
} from '#node-kit/files/index.ts';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import { Fault } from '#shared/domain/fault.ts';
import { backupFileName, type BackupReading, backupTimeMs, isBackupName } from '../../core/database/index.ts';
import { backupStamp, keyFileOf } from '../recovery/index.ts';
import { checkChosenBackup } from './check-chosen-backup.ts';

/** A key file has a few keys of 32 bytes. */
const MAX_KEY_FILE_BYTES = 1024 * 1024;

/**
 * Adds an uploaded backup, and its key file, to the backups of the station; or the key file of a backup that is there already.
 * Each has its name only when it is whole. A backup without a time in its name is named after its last record. Returns the
 * name of the backup. Faults: `bad-input` when the files are no backup with its key, those of `checkChosenBackup`,
 * `disk-full`.
 *
 * @param nowMs the time of a backup that has neither a time in its name nor a record
 */
export async function addBackup(
  dataDir: string,
  paths: readonly string[],
  nowMs: number,
  reading: BackupReading,
): Promise<string> {
  const keys = paths.filter((path) => path.endsWith('.key'));
  const [database, ...more] = paths.filter((path) => !path.endsWith('.key'));
  const [key = null] = keys;
  if (more.length > 0 || keys.length > 1)
    throw new Fault('bad-input', 'a backup is one file, and its key file may come along', {
      hint: 'Choose station-….db, and station-….key beside it.',
    });
  if (key !== null) await requireKeyFile(key);
  const dir = join(dataDir, 'backups');
  if (database === undefined) return addKey(dir, key ?? '');
  const { upToMs } = await checkChosenBackup(database, reading);
  const target = join(dir, nameFor(dir, basename(database), upToMs ?? nowMs));
  const keyFile = keyFileOf(target);
  const keyPart = `${keyFile}${TEMPORARY_ENDING}`;
  try {
    makeDir(dir);
    // The key waits under another name: a kill in between leaves neither a backup without its key nor a key without backup.
    if (key !== null) await move(key, keyPart);
    await move(database, target);
    if (key !== null) await renameDurably(keyPart, keyFile);
    return basename(target);
  } catch (cause) {
    await rm(keyPart, { force: true });
    throw notWritten(target, cause);
  }
}

/** The name that the file has, when it tells the time of the backup and is free; else one of the time of its last record. */
function nameFor(dir: string, own: string, lastRecordMs: number): string {
  const isFree = (name: string): boolean =>
    !existsSync(join(dir, name)) && !existsSync(keyFileOf(join(dir, name)));
  const madeAtMs = isBackupName(own) ? backupTimeMs(own) : null;
  if (madeAtMs !== null && isFree(own)) return own;
  for (let number = 1; ; number += 1) {
    const name = backupFileName(`${backupStamp(madeAtMs ?? lastRecordMs)}_${number}`);
    if (isFree(name)) return name;
  }
}

async function addKey(dir: string, key: string): Promise<string> {
  const name = basename(key).replace(/\.key$/, '.db');
  const target = join(dir, name);
  if (!isBackupName(name) || !existsSync(target))
    throw new Fault('bad-input', `${basename(key)} is the key of no backup of this station`, {
      hint: 'Add its backup, station-….db, together with it.',
    });
  if (existsSync(keyFileOf(target)))
    throw new Fault('bad-input', `${name} has a key file already`, { hint: 'Nothing was changed.' });
  try {
    await move(key, keyFileOf(target));
    return name;
  } catch (cause) {
    throw notWritten(keyFileOf(target), cause);
  }
}

async function requireKeyFile(path: string): Promise<void> {
  const isSmall = (await stat(path)).size <= MAX_KEY_FILE_BYTES;
  const content = isSmall ? parseJsonOrNull(await readFile(path, 'utf8')) : null;
  if (typeof content === 'object' && content !== null) return;
  throw new Fault('bad-input', `${basename(path)} is no key file of a backup`, {
    hint: 'Choose the file station-….key that was downloaded with the backup.',
  });
}

/** An upload is on the disk of the backups: it is renamed, and copied only where that cannot be done. */
async function move(from: string, to: string): Promise<void> {
  try {
    await renameDurably(from, to);
  } catch (error) {
    if (!hasErrno(error, 'EXDEV')) throw error;
    const part = `${to}${TEMPORARY_ENDING}`;
    try {
      await copyFile(from, part);
      await renameDurably(part, to);
    } finally {
      await rm(part, { force: true });
    }
  }
}

function notWritten(target: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const code = fileFaultCodeOf(cause);
  return new Fault(isDiskFaultCode(code) ? code : 'file-denied', `${target} could not be written`, {
    hint: 'Free space on this disk, then add the backup again.',
    cause,
  });
}
