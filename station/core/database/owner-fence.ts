// eslint-disable-next-line no-restricted-syntax -- A test may seed the platform's random values; two owners must differ.
import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { processMark } from '#node-kit/process/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Db } from './database.ts';

/**
 * The key under which a database has its owner, the process that works with it, because the lock file beside it can be
 * removed. No other process opens the database while the owner lives. An owner that was replaced nevertheless (by a computer
 * or a container that cannot see its process) writes no more.
 */
const OWNER = 'station.owner';
const READ = 'SELECT value FROM meta WHERE key = ?';

interface Owner {
  /** Different at each start. */
  readonly id: string;
  readonly pid: number;
  /** `processMark`; null where the system does not have it. */
  readonly mark: string | null;
  /** Device and inode of the database. A copy has others; its owner is then that of the original. */
  readonly file: string;
}

export interface OwnerFence {
  /** Makes this process the owner, once. Faults: `data-busy` while another owner lives. */
  claim(): void;
  /** Takes about a microsecond. Faults: `data-busy` when another process has become the owner. */
  check(): void;
  /** Removes this process as the owner. */
  release(): void;
}

/** Refuses a database whose owner lives. An owner that cannot be read counts as none. Faults: `data-busy`. */
export function requireNotOwned(file: string): void {
  if (!existsSync(file)) return;
  let db: Db | null = null;
  let owner: Owner | null = null;
  try {
    db = new Database(file, { readonly: true, timeout: 5000 });
    owner = readOwner(db);
  } catch {
    // Missing, damaged or of another program: opening it reports that.
  } finally {
    db?.close();
  }
  requireOwnerEnded(owner, file);
}

/**
 * Makes the fence of this process, which has the lock of the database. It becomes the owner by `claim`, so that an attempt
 * to open a directory changes nothing in it.
 *
 * @param markOf replaced by tests of a computer that shares the directory and not the processes
 */
export function createOwnerFence(db: Db, file: string, markOf = processMark): OwnerFence {
  const read = db.prepare<[string], { value: string }>(READ);
  const set = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM meta WHERE key = ? AND value = ?');
  const own: Owner = { id: randomUUID(), pid: process.pid, mark: markOf(process.pid), file: inodeOf(file) };
  const text = JSON.stringify(own);
  const take = db.transaction(() => {
    // In the transaction, so that of two processes one comes second.
    requireOwnerEnded(readOwner(db), file, markOf);
    set.run(OWNER, text);
  });
  let claimed = false;
  return {
    claim() {
      if (claimed) return;
      take.immediate();
      claimed = true;
    },
    check() {
      const stored = read.get(OWNER)?.value;
      if (stored === text) return;
      const other = stored === undefined ? null : parseOwner(stored);
      throw new Fault(
        'data-busy',
        `${dirname(file)} was taken over by another Gongwei${other === null ? '' : ` (process ${other.pid})`}; this one records nothing more in it`,
        {
          hint: 'Close one of the two. A unit that was being worked on is asked by the other one when it is scanned there.',
        },
      );
    },
    release() {
      if (claimed) remove.run(OWNER, text);
    },
  };
}

/** This process does not refuse itself: within one process the lock of the lock file does that. */
function requireOwnerEnded(owner: Owner | null, file: string, markOf = processMark): void {
  if (owner === null || owner.mark === null || owner.pid === process.pid) return;
  if (owner.file !== inodeOf(file) || markOf(owner.pid) !== owner.mark) return;
  throw new Fault('data-busy', `${dirname(file)} is in use by another Gongwei (process ${owner.pid})`, {
    hint: 'Use that one, close it, or name another directory with --data.',
    details: { pid: owner.pid },
  });
}

function readOwner(db: Db): Owner | null {
  const row = db.prepare<[string], { value: string }>(READ).get(OWNER);
  return row === undefined ? null : parseOwner(row.value);
}

function parseOwner(text: string): Owner | null {
  try {
    const { id, pid, mark, file } = JSON.parse(text) as Partial<Owner>;
    const isValid = typeof id === 'string' && Number.isSafeInteger(pid) && typeof file === 'string';
    return isValid ? { id, pid: pid ?? 0, mark: typeof mark === 'string' ? mark : null, file } : null;
  } catch {
    return null;
  }
}

function inodeOf(file: string): string {
  const { dev, ino } = statSync(file, { bigint: true });
  return `${dev}:${ino}`;
}
