import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '#shared/domain/fault.ts';
import { makeDir } from '../../../node-kit/files/make-dir.ts';
import { refuseOwned } from './owner-fence.ts';
import { keepToOwner } from './owner-only.ts';
import { asDatabaseFault } from './store-fault.ts';

/**
 * One process owns a data directory. The lock is SQLite's own on a file of its own: the operating system lets go of
 * it when the process dies, however it dies, so there is no stale lock to guess about. It can be removed, and the directory
 * can be renamed, while its owner works: so the database itself is asked, too, whether its owner lives.
 * Faults: `data-busy` naming the process that holds it; `file-denied`.
 */
export function lockDataDir(dataDir: string): Disposable {
  const file = join(dataDir, 'station.lock');
  const ownerFile = join(dataDir, 'station.pid');
  let db: Database.Database | null = null;
  try {
    makeDir(dataDir);
    // Versions before left it open to every user of the computer.
    keepToOwner(dataDir);
    db = new Database(file, { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    refuseOwned(join(dataDir, 'station.db'));
    writeFileSync(ownerFile, String(process.pid));
    const held = db;
    return { [Symbol.dispose]: () => void held.close() };
  } catch (error) {
    db?.close();
    const fault = asDatabaseFault(error, file);
    if (!(fault instanceof Fault) || fault.code !== 'data-busy' || fault === error) throw fault;
    throw new Fault(
      'data-busy',
      `${dataDir} is in use by another Gongwei (process ${readOwner(ownerFile)})`,
      {
        hint: 'Use that one, close it, or name another directory with --data.',
      },
    );
  }
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'unknown';
  }
}
