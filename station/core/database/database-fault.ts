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

/** Whether a file in `backups/` is a whole copy of the database, by its name. */
export function isBackupName(name: string): boolean {
  return /^station-\w+\.db$/.test(name);
}

/** When a backup was made, by its name (`station-20261121T081500.db`, UTC); null for a name without a time. */
export function backupTimeMs(name: string): number | null {
  const parts = /^station-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:_\d+)?\.db$/.exec(name);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? null : atMs;
}

/** Whole copies of the database in a data directory, newest first; those without a time in their name last. */
export function listBackups(dataDir: string): string[] {
  const dir = join(dataDir, 'backups');
  try {
    const names = readdirSync(dir).filter(isBackupName);
    const timeOf = (name: string): number => backupTimeMs(name) ?? -1;
    return names.sort((a, b) => timeOf(b) - timeOf(a) || (a < b ? 1 : -1)).map((name) => join(dir, name));
  } catch {
    return [];
  }
}

/** As `asDatabaseFault`, with the advice for a station. */
export function asStationDatabaseFault(error: unknown, file: string): unknown {
  return asDatabaseFault(error, file, { corrupt, hints: {} });
}
