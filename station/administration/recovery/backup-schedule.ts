import { constants } from 'node:fs';
import { access, mkdir, realpath, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { Deadline, raceAbort } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';

/** When the station makes backups by itself, how many it keeps, and where a second copy of each goes. */
export interface BackupSchedule {
  readonly everyHours: number;
  readonly kept: number;
  /** An absolute path, such as that of a USB stick or a network folder; null for no second copy. */
  readonly folder: string | null;
}

/** Independently of the hours, a backup is made after so many runs. */
export const EVERY_RUNS = 500;
const DEFAULT: BackupSchedule = { everyHours: 24, kept: 7, folder: null };
const META = 'backup.schedule';
/** A network folder that does not answer in this time is not used. */
const FOLDER_MS = 10_000;

export function readSchedule(database: ReadableDatabase): BackupSchedule {
  const stored = database.meta.get(META);
  return stored === null ? DEFAULT : { ...DEFAULT, ...(JSON.parse(stored) as Partial<BackupSchedule>) };
}

/**
 * Stores the schedule with an entry in the audit trail; holds from the next backup on. Faults: `bad-input`, `file-missing`,
 * `file-denied` for a folder that cannot be used, `timeout` for one that does not answer; then nothing is changed.
 */
export async function changeSchedule(
  {
    database,
    audit,
    dataDir,
  }: {
    readonly database: WritableDatabase;
    readonly audit: AuditTrail;
    readonly dataDir: string;
  },
  schedule: BackupSchedule,
  by: Actor,
  signal: AbortSignal,
): Promise<void> {
  if (schedule.folder !== null) await requireFolder(schedule.folder, dataDir, signal);
  const before = readSchedule(database);
  database.transaction(() => {
    database.meta.set(META, JSON.stringify(schedule));
    audit.record(by, 'settings.backup', schedule.folder ?? '', {
      everyHours: schedule.everyHours,
      kept: schedule.kept,
      everyHoursBefore: before.everyHours,
      keptBefore: before.kept,
      folderBefore: before.folder,
    });
  });
}

async function requireFolder(folder: string, dataDir: string, signal: AbortSignal): Promise<void> {
  if (!isAbsolute(folder))
    throw new Fault('bad-input', `${folder} is no whole path of a folder`, {
      hint: 'Type it from its beginning, for example /media/usb/backups.',
    });
  const late = (): Fault =>
    new Fault('timeout', `${folder} does not answer`, {
      hint: 'Check the network, or choose another folder.',
    });
  using limit = new Deadline(FOLDER_MS, late, { signal });
  await raceAbort(probe(folder, dataDir), limit.signal);
}

/** Makes a folder in it and removes that, as a backup will. */
async function probe(folder: string, dataDir: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new Fault('file-missing', `there is no folder ${folder}`, {
      hint: 'Plug in the disk, or make the folder there first.',
      details: { path: folder },
    });
  const [real, own] = await Promise.all([realpath(folder), realpath(dataDir)]);
  if (real === own || real.startsWith(resolve(own) + sep))
    throw new Fault('bad-input', `${folder} is in the data directory`, {
      hint: 'Choose a folder of another disk: both copies would be lost together.',
    });
  const test = join(folder, `.gongwei-${process.pid}`);
  try {
    await access(folder, constants.R_OK | constants.W_OK);
    await mkdir(test);
    await rm(test, { recursive: true });
  } catch (cause) {
    throw new Fault('file-denied', `nothing can be written to ${folder}`, {
      hint: 'Give this user write permission on it, or choose another folder.',
      cause,
    });
  }
}
