import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { syncDirectorySync } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { HIGH_WATER_MARK } from './high-water-mark.ts';
import { openBackup } from './open-backup.ts';
import { START_MARK } from './process-start.ts';
import { asStationDatabaseFault } from './database-fault.ts';

const PARTS = ['', '-wal', '-shm', '-journal'];

/** Marks that a restore has begun to move files. While the file is there the database is not opened. */
interface Marker {
  readonly setAside: string;
}

function markerFile(dataDir: string): string {
  return join(dataDir, 'restore.json');
}

/** Faults: `database-corrupt` when a restore was interrupted between moving the old files and moving the new one. */
export function requireRestoreComplete(dataDir: string): void {
  if (!existsSync(markerFile(dataDir))) return;
  throw new Fault('database-corrupt', `a restore in ${dataDir} was cut off`, {
    hint: 'Run the same "restore" command again: it begins anew and finishes.',
  });
}

/** The database that a restore replaces: an earlier attempt may have moved it already. */
export function databaseToReplace(dataDir: string, file: string): string {
  const marker = readMarker(dataDir);
  const moved = marker === null ? null : join(marker.setAside, basename(file));
  return moved !== null && existsSync(moved) ? moved : file;
}

/**
 * Replaces `file` by `prepared` and moves the old files to `setAside`, or to the directory of an earlier attempt that was
 * interrupted. At any moment the old database or the new one is complete in its place, or `requireRestoreComplete` throws. Returns
 * the directory with the old files.
 */
export function replaceDatabase(dataDir: string, file: string, prepared: string, setAside: string): string {
  try {
    const marker: Marker = readMarker(dataDir) ?? { setAside };
    mkdirSync(marker.setAside, { recursive: true });
    writeFileSync(markerFile(dataDir), JSON.stringify(marker), { flush: true });
    syncDirectorySync(dataDir);
    const taken = existsSync(join(marker.setAside, basename(file)));
    for (const part of PARTS) {
      const from = file + part;
      if (!existsSync(from)) continue;
      // After the old file was moved, a file of this name is the new one of an earlier attempt, which was never opened.
      if (taken && part === '') rmSync(from);
      else renameSync(from, join(marker.setAside, basename(from)));
    }
    syncDirectorySync(marker.setAside);
    // The new database is behind the mark, and its uncertain triples are quarantined.
    rmSync(join(dataDir, HIGH_WATER_MARK), { force: true });
    rmSync(join(dataDir, START_MARK), { force: true });
    renameSync(prepared, file);
    syncDirectorySync(dataDir);
    rmSync(markerFile(dataDir));
    syncDirectorySync(dataDir);
    return marker.setAside;
  } catch (error) {
    throw asStationDatabaseFault(error, file);
  }
}

/**
 * Copies the backup beside the database that it will replace, including the content of a write-ahead log beside the
 * backup.
 */
export async function copyForRestore(from: string, prepared: string): Promise<void> {
  try {
    for (const part of PARTS) rmSync(prepared + part, { force: true });
    if (!existsSync(`${from}-wal`)) {
      await copyFile(from, prepared);
      return;
    }
    using backup = openBackup(from);
    await backup.db.backup(prepared);
  } catch (error) {
    throw asStationDatabaseFault(error, prepared);
  }
}

/** The copy of a backup that a restore prepares beside the database. */
export function restoreCopyOf(file: string): string {
  return `${file}.restored`;
}

/** Removes the prepared copy, also that of a restore that was killed. The data directory is locked. Faults: `file-denied`. */
export function removeRestoreCopy(file: string): void {
  const prepared = restoreCopyOf(file);
  try {
    for (const part of PARTS) rmSync(prepared + part, { force: true });
  } catch (error) {
    throw asStationDatabaseFault(error, prepared);
  }
}

function readMarker(dataDir: string): Marker | null {
  try {
    return JSON.parse(readFileSync(markerFile(dataDir), 'utf8')) as Marker;
  } catch {
    return null;
  }
}
