import { type Dirent, createReadStream, createWriteStream, rmSync } from 'node:fs';
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  fileFaultCodeOf,
  isDiskFaultCode,
  portableFileName,
  renameDurably,
  TEMPORARY_ENDING,
} from '#node-kit/files/index.ts';
import { raceAbort } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { checkBackup, isBackupName } from '../../core/database/index.ts';

export interface SecondCopy {
  /** The backup. */
  readonly path: string;
  /** The second folder; the copies of each station are in a folder of its own, named after it. */
  readonly folder: string;
  readonly station: string;
  /** Names of the copies that were made there before. */
  readonly before: readonly string[];
  readonly kept: number;
}

/**
 * Copies a backup to a second folder, reads the copy to its end, and removes the oldest of those that were made there before.
 * The copy has its name only when it is whole. Returns the names of the copies that are kept. Faults: `file-missing` without
 * the folder, `bad-input` when it leads to the folder of the backup, `disk-full`, `file-denied`, `disk-failing` when the copy
 * differs, the signal's reason.
 */
export function copyToFolder(copy: SecondCopy, signal: AbortSignal): Promise<readonly string[]> {
  // A network folder may never answer: the caller does not wait for it longer than its signal.
  return raceAbort(makeCopy(copy, signal), signal);
}

async function makeCopy(
  { path, folder, station, before, kept }: SecondCopy,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const dir = join(folder, portableFileName(station));
  const name = basename(path);
  const part = join(dir, `${name}${TEMPORARY_ENDING}`);
  try {
    await mkdir(dir).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    if ((await realpath(dir)) === (await realpath(dirname(path))))
      throw new Fault('bad-input', `${dir} leads to the backups on this computer`, {
        hint: 'Choose a folder of another disk: both copies would be lost together.',
      });
    for (const left of await readdir(dir, { withFileTypes: true }))
      if (isPartOfCopy(left)) await rm(join(dir, left.name), { force: true });
    await pipeline(
      createReadStream(path),
      createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true }),
      {
        signal,
      },
    );
    await checkBackup(part, { signal });
    await renameDurably(part, join(dir, name));
    const names = [...before.filter((one) => one !== name), name];
    for (const old of names.slice(0, -kept)) await rm(join(dir, old), { force: true });
    return names.slice(-kept);
  } catch (cause) {
    rmQuietly(part);
    throw signal.aborted ? signal.reason : asCopyFault(cause, folder);
  }
}

/** A copy of a backup that was cut off; other programs have files with this ending, too. */
function isPartOfCopy(entry: Dirent): boolean {
  const { name } = entry;
  const ofCopy = name.endsWith(TEMPORARY_ENDING) && isBackupName(name.slice(0, -TEMPORARY_ENDING.length));
  return ofCopy && !entry.isDirectory();
}

function rmQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The fault of the copy is reported; the next copy removes the file.
  }
}

function asCopyFault(cause: unknown, folder: string): Fault {
  if (cause instanceof Fault && cause.code === 'database-corrupt')
    return new Fault('disk-failing', `the disk of ${folder} does not return what is written to it`, {
      hint: 'Choose another folder for the second copy of the backups.',
      cause,
    });
  if (cause instanceof Fault && cause.code === 'bad-input') return cause;
  const code = fileFaultCodeOf(cause);
  if (code === 'file-missing')
    return new Fault('file-missing', `the second folder of the backups, ${folder}, is not there`, {
      hint: 'Plug in its disk, or choose another folder. The backup on this computer is whole.',
      details: { path: folder },
      cause,
    });
  return new Fault(
    isDiskFaultCode(code) ? code : 'file-denied',
    `the second copy of the backup could not be made in ${folder}`,
    {
      hint: 'Free space there, or choose another folder. The backup on this computer is whole.',
      cause,
    },
  );
}
