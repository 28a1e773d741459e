import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WritableDatabase as Db } from '#node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { asStationDatabaseFault, corrupt } from './database-fault.ts';
import { noStation, openDatabase, openDatabaseForReading } from './database.ts';
import { createDiskReserve } from './disk-reserve.ts';
import { HighWaterMark, requireNotBehindMark } from './high-water-mark.ts';
import { type HeldLock, useLock } from './lock.ts';
import type { ReadableDatabase } from './readable-database.ts';
import { removeRestoreCopy, requireRestoreComplete } from './restore-files.ts';
import { removeUnfinishedCopies } from './unfinished-copies.ts';
import { createStationDatabase, type Ownership, type WritableDatabase } from './station-database.ts';
import { withReserve } from './transactions.ts';

/** The database file of a data directory. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'station.db');
}

export interface DatabaseOptions {
  /** Disk space that is allocated for records on a full disk; none when left out. */
  readonly reserveBytes?: number;
  /** A larger file is checked after the start; default 64 MB. */
  readonly checkedAtOnceBytes?: number | undefined;
  /** The lock of the data directory, when this process holds it already. */
  readonly lock?: HeldLock | undefined;
}

/**
 * Opens the database as its owner. Faults: `data-busy` when another process owns it, `database-corrupt` when the high-water
 * mark beside it knows of more than is in it, and those of `openDatabase`.
 */
export function openStationDatabase(
  dataDir: string,
  { reserveBytes = 0, checkedAtOnceBytes, lock: held }: DatabaseOptions = {},
): WritableDatabase {
  using opening = new DisposableStack();
  const lock = opening.use(useLock(dataDir, held));
  const file = databaseFile(dataDir);
  requireUsable(dataDir, file);
  removeRestoreCopy(file);
  removeUnfinishedCopies(dataDir);
  // Before the database is opened for writing, so that the rest of its log stays as it is.
  const lostAuditEntries = requireNotBehindMark(file);
  const diskReserve = reserveBytes === 0 ? null : createDiskReserve(dataDir, reserveBytes);
  const { db, isChecked } = withReserve(diskReserve, () => openDatabase(file, undefined, checkedAtOnceBytes));
  const mark = new HighWaterMark(file);
  const database = withRepositories(db, file, { lock, diskReserve, mark, lostAuditEntries, isChecked });
  // From here on the database closes the lock itself.
  opening.move();
  try {
    // The mark is compared again, because the file may not have been readable before it was opened.
    requireNotBehindMark(file, database.readProgress);
    database.raiseHighWaterMark();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens the database beside its owner. Faults: `not-found`, `not-configured`, and those of `openStationDatabase`. */
export function openStationDatabaseForReading(dataDir: string): ReadableDatabase {
  const file = databaseFile(dataDir);
  requireUsable(dataDir, file);
  return withRepositories(openDatabaseForReading(file), file, null);
}

/** Opens a copy that is prepared to replace the database; no other process knows of it. */
export function openRestoreCopy(file: string): WritableDatabase {
  const { db, backupPath } = openDatabase(file, undefined, Infinity);
  if (backupPath !== null) rmSync(backupPath);
  return withRepositories(db, file, null);
}

/**
 * Refuses a directory without a station before anything is made there. A database that cannot be read is refused by
 * `openStationDatabase`. Faults: `not-found`; `database-corrupt` where there was a station and its database is gone.
 */
export function requireStation(dataDir: string): void {
  const file = databaseFile(dataDir);
  requireUsable(dataDir, file);
  if (isMissing(file)) throw noStation(dataDir);
}

function requireUsable(dataDir: string, file: string): void {
  requireRestoreComplete(dataDir);
  requireNotLost(dataDir, file);
}

/**
 * An empty ledger in place of a lost one would assign triples again that were burned already. A data directory that was
 * used has its backups or its key; a new one has neither.
 */
function requireNotLost(dataDir: string, file: string): void {
  const traces = ['station.key', 'backups', 'set-aside', 'station.db-wal'];
  const trace = traces.find((name) => existsSync(join(dataDir, name)));
  if (trace === undefined || existsSync(file)) return;
  throw new Fault('database-corrupt', `${file} is gone, although ${dataDir} has been worked in (${trace})`, {
    hint: 'Put it back or restore a backup ("restore --from …"); to begin anew, name another directory with --data.',
  });
}

function isMissing(file: string): boolean {
  try {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return false;
    return statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() !== false;
  } catch {
    // A directory that may not be read is not the same as a missing file.
    return false;
  }
}

function withRepositories(db: Db, file: string, owned: Ownership | null): WritableDatabase {
  try {
    return createStationDatabase(db, file, owned);
  } catch (error) {
    db.close();
    const fault = asStationDatabaseFault(error, file);
    // "No such table" and "no such column" have no code of their own.
    const isTable = (fault as { code?: unknown } | null)?.code === 'SQLITE_ERROR';
    throw isTable ? corrupt(file, 'its tables are not as they should be', error) : fault;
  }
}
