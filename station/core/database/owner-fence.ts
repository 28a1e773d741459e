// eslint-disable-next-line no-restricted-syntax -- A test may seed the platform's random values; two owners must differ.
import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { processMark } from '#node-kit/process/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Db } from './database.ts';

/**
 * The process that works with a database is written into it, because the lock file beside it can be removed. Another
 * process does not open the database while that one lives; a process that was replaced all the same (from a computer or
 * a container that cannot see it) records nothing more.
 */
const OWNER = 'station.owner';
const READ = 'SELECT value FROM meta WHERE key = ?';

interface Owner {
  /** Different at each start. */
  readonly id: string;
  readonly pid: number;
  /** `processMark`; null where the system does not tell. */
  readonly mark: string | null;
  /** Device and inode of the database: a copy has other ones, and what is written in it is said of the original. */
  readonly file: string;
}

export interface OwnerFence {
  /** Makes this process the owner, once; nothing when it is. Faults: `data-busy` while another owner lives. */
  claim(): void;
  /** About a microsecond. Faults: `data-busy` when another one owns the database by now. */
  check(): void;
  /** The next one need not ask whether this process lives. */
  release(): void;
}

/** Faults: `data-busy` while the process that the database names as its owner lives. What cannot be read is no owner. */
export function refuseOwned(file: string): void {
  if (!existsSync(file)) return;
  let db: Db | null = null;
  let owner: Owner | null = null;
  try {
    db = new Database(file, { readonly: true, timeout: 5000 });
    owner = readOwner(db);
  } catch {
    // Not there yet, another program's, damaged: whoever opens it says so.
  } finally {
    db?.close();
  }
  refuseLiving(owner, file);
}

/**
 * The fence of this process around a database that it has the lock of. It is not the owner before `claim`: whoever only
 * tries to open a directory changes nothing in it.
 *
 * @param markOf of a process; a test sees with it what a computer sees that shares the directory and not the processes
 */
export function createOwnerFence(db: Db, file: string, markOf = processMark): OwnerFence {
  const read = db.prepare<[string], { value: string }>(READ);
  const set = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM meta WHERE key = ? AND value = ?');
  const mine: Owner = { id: randomUUID(), pid: process.pid, mark: markOf(process.pid), file: inodeOf(file) };
  const text = JSON.stringify(mine);
  const take = db.transaction(() => {
    // Two that come at the same time are one after the other here.
    refuseLiving(readOwner(db), file, markOf);
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
      const found = read.get(OWNER)?.value;
      if (found === text) return;
      const other = found === undefined ? null : parseOwner(found);
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

/** This process itself holds nobody up: within it the lock file's lock does, which nobody can remove from it. */
function refuseLiving(owner: Owner | null, file: string, markOf = processMark): void {
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
    const sound = typeof id === 'string' && Number.isSafeInteger(pid) && typeof file === 'string';
    return sound ? { id, pid: pid ?? 0, mark: typeof mark === 'string' ? mark : null, file } : null;
  } catch {
    return null;
  }
}

function inodeOf(file: string): string {
  const { dev, ino } = statSync(file, { bigint: true });
  return `${dev}:${ino}`;
}
