import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryLockFile } from '#node-kit/sqlite/index.ts';
import { makeDir } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { requireNotOwned } from './owner-fence.ts';
import { restrictToOwner } from './owner-only.ts';
import { asStationDatabaseFault } from './database-fault.ts';

/**
 * One process owns a data directory. The lock is SQLite's own on a file of its own: the operating system lets go of
 * it when the process dies, however it dies, so there is no stale lock to guess about. It can be removed, and the directory
 * can be renamed, while its owner works: so the database itself is asked, too, whether its owner lives.
 * Faults: `data-busy` naming the process that holds it; `file-denied`.
 */
export function lockDataDir(dataDir: string): Disposable {
  const file = join(dataDir, 'station.lock');
  const ownerFile = join(dataDir, 'station.pid');
  let lock: Disposable | null = null;
  try {
    makeDir(dataDir);
    // Versions before left it open to every user of the computer.
    restrictToOwner(dataDir);
    lock = tryLockFile(file);
    if (lock === null)
      throw new Fault(
        'data-busy',
        `${dataDir} is in use by another Gongwei (process ${readOwner(ownerFile)})`,
        {
          hint: 'Use that one, close it, or name another directory with --data.',
        },
      );
    requireNotOwned(join(dataDir, 'station.db'));
    writeFileSync(ownerFile, String(process.pid));
    return lock;
  } catch (error) {
    lock?.[Symbol.dispose]();
    throw asStationDatabaseFault(error, file);
  }
}

/** A lock of a data directory that several parts of one process use, one after the other. */
export interface HeldLock extends Disposable {
  readonly dataDir: string;
}

/**
 * Locks a data directory until it is disposed of, also while its station is closed and opened again. `useLock` gives the
 * lock to what works there. Faults: those of `lockDataDir`.
 */
export function holdDataDir(dataDir: string): HeldLock {
  const lock = lockDataDir(dataDir);
  return { dataDir, [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

/**
 * The lock of a data directory for one use: the one that this process holds already, which its holder releases, or a new
 * one. Faults: those of `lockDataDir`.
 */
export function useLock(dataDir: string, held: HeldLock | undefined): Disposable {
  if (held === undefined) return lockDataDir(dataDir);
  requireNotOwned(join(dataDir, 'station.db'));
  return { [Symbol.dispose]: () => undefined };
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'unknown';
  }
}
