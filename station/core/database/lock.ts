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

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'unknown';
  }
}
