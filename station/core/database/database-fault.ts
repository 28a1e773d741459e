import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asDatabaseFault } from '#node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';

export function corrupt(file: string, reason: string, cause?: unknown): Fault {
  return new Fault('database-corrupt', `${file} is not a healthy station database: ${inOneLine(reason)}`, {
    hint: `Stop working here, keep the file, and let support restore it: ${restoreCommand(file)}`,
    details: { why: inOneLine(reason) },
    cause,
  });
}

/** A verdict of SQLite has a heading and several lines. */
export function inOneLine(checkResult: string): string {
  return checkResult
    .replace('*** in database main ***', '')
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ');
}

/** The command to type, with the newest backup of the data directory. */
function restoreCommand(file: string): string {
  const [newest] = listBackups(dirname(file));
  return `"restore --from ${newest ?? 'BACKUP'} --reason TEXT --approver NAME"`;
}

/** Name of a copy of the database in `backups/`. */
export function backupFileName(stamp: string): string {
  return `station-${stamp}.db`;
}

/** Whole copies of the database in a data directory, newest first. */
export function listBackups(dataDir: string): string[] {
  const dir = join(dataDir, 'backups');
  try {
    const names = readdirSync(dir).filter((name) => /^station-\w+\.db$/.test(name));
    return names
      .sort()
      .reverse()
      .map((name) => join(dir, name));
  } catch {
    return [];
  }
}

/** As `asDatabaseFault`, with the advice for a station. */
export function asStationDatabaseFault(error: unknown, file: string): unknown {
  return asDatabaseFault(error, file, { corrupt, hints: {} });
}
