import { closeSync, constants, fdatasync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { Fault } from '#shared/domain/fault.ts';
import { missingSince, peekProgress, type Progress, describeProgress } from './progress.ts';

/** How far the database had come, beside it and not in it. */
export const HIGH_MARK = 'station.mark';
/** Two records, each in a sector of its own and written in turn: whatever a power cut tears, one is whole. */
const PLACES = [0, 512] as const;
const DIGITS = 16;
const RECORD = /^mark\/2 ((?:\d{16} ){4})([0-9a-f]{8})\n/;
/** As an older Gongwei wrote it: steps of identities alone. */
const FIRST_FORMAT = /^(\d{16})\n/;

/**
 * Notes how far the database is. One that lost the end of its log of writes, and one that was put back by hand, are
 * sound in themselves and know nothing of what came after: they would hand out again what was burned, and results would
 * be gone unseen. This file knows that there was something. It is a second witness; where it cannot be written the
 * database itself still stands.
 */
export interface HighMark {
  /**
   * Call it when what it tells is durable. It says never more than is true. It is in the hands of the operating system
   * when this returns, so that it outlasts this process, and is synced while others work: after a power cut it may lag
   * by what ended while one sync was under way.
   */
  raise(progress: Progress): void;
  close(): void;
}

export function createHighMark(databaseFile: string): HighMark {
  const path = join(dirname(databaseFile), HIGH_MARK);
  let fd: number | null = null;
  let raised: Progress | null = null;
  let turn = 0;
  let syncing = false;
  let unsynced = false;
  let closed = false;

  function sync(): void {
    if (fd === null || syncing) return;
    syncing = true;
    unsynced = false;
    const file = fd;
    fdatasync(file, () => {
      // A disk that fails says so to the database itself.
      syncing = false;
      if (unsynced) sync();
    });
  }

  return {
    raise(progress) {
      if (closed) return;
      if (raised !== null && isSame(raised, progress)) return;
      try {
        // Made when it is not there, and never cut: written over in its place it is whole at every moment.
        fd ??= openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
        writeSync(fd, recordOf(progress), PLACES[turn]);
        turn = 1 - turn;
      } catch {
        // A full or read-only disk is said elsewhere, by what cannot do without.
        return;
      }
      const isEnd = raised === null || progress.runs !== raised.runs;
      raised = progress;
      unsynced = true;
      // A step of an identity is followed by the end of its run; a sync for each would be work for nobody.
      if (isEnd) sync();
    },
    close() {
      const file = fd;
      closed = true;
      fd = null;
      if (file === null) return;
      try {
        // One that is under way is waited for by this. One that has not begun finds the number closed, or syncs what is
        // not its own, which does no harm; whoever closes a station finds nothing of it open.
        if (unsynced || syncing) fdatasyncSync(file);
      } catch {
        // As above.
      }
      closeSync(file);
    },
  };
}

export interface Mark {
  readonly progress: Progress;
  /** False when nothing in the file can be read. */
  readonly readable: boolean;
}

/** What stands beside a database; null when there is no mark. */
export function readHighMark(databaseFile: string): Mark | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(dirname(databaseFile), HIGH_MARK));
  } catch {
    return null;
  }
  const records = [...PLACES.map((at) => readRecord(bytes, at)), readFirst(bytes)].filter(
    (one) => one !== null,
  );
  const most = (field: keyof Progress): number => Math.max(0, ...records.map((one) => one[field]));
  return {
    progress: {
      steps: most('steps'),
      runs: most('runs'),
      entries: most('entries'),
      messages: most('messages'),
    },
    readable: records.length > 0,
  };
}

/**
 * What is missing in a database, by the mark beside it; null when nothing is. The mark is read first: a station that is at
 * work goes on meanwhile, and both only grow.
 */
export function missingByMark(databaseFile: string, readProgress: () => Progress | null): Progress | null {
  const mark = readHighMark(databaseFile);
  const progress = mark === null ? null : readProgress();
  return mark === null || progress === null ? null : missingSince(mark.progress, progress);
}

/**
 * Faults: `database-corrupt` when the database is behind the mark: how much is missing, of each kind. Changes nothing of
 * the database or its log. Returns how many entries of the audit trail are missing when that is all: what hangs on them
 * is for whoever reads the trail, and no unit.
 */
export function refuseBehindMark(
  databaseFile: string,
  readProgress: () => Progress | null = () => peekProgress(databaseFile),
): number {
  const missing = missingByMark(databaseFile, readProgress);
  if (missing === null || isTrailAlone(missing)) return missing?.entries ?? 0;
  throw new Fault('database-corrupt', describeLoss(databaseFile, missing), {
    hint: lossHint(databaseFile),
    details: {
      why: 'older than its mark',
      missingRuns: missing.runs,
      missingSteps: missing.steps,
      missingEntries: missing.entries,
      missingMessages: missing.messages,
    },
  });
}

export function isTrailAlone({ steps, runs, messages }: Progress): boolean {
  return steps === 0 && runs === 0 && messages === 0;
}

export function describeLoss(databaseFile: string, missing: Progress): string {
  return `${databaseFile} is older than what this station has done: it lacks ${describeProgress(missing)}, and this station cannot tell which ones`;
}

export function lossHint(databaseFile: string): string {
  return `It would hand out again what was burned since. If its log (station.db-wal) is still somewhere, put it back. Else accept the loss: "restore --from FILE --reason TEXT --approver NAME", where FILE is a newer backup or ${databaseFile} itself, makes it safe.`;
}

function recordOf({ steps, runs, entries, messages }: Progress): string {
  const cells = [steps, runs, entries, messages]
    .map((count) => `${String(count).padStart(DIGITS, '0')} `)
    .join('');
  return `mark/2 ${cells}${checkOf(cells)}\n`;
}

function checkOf(cells: string): string {
  return crc32(cells).toString(16).padStart(8, '0');
}

function readRecord(bytes: Buffer, at: number): Progress | null {
  const match = RECORD.exec(bytes.toString('latin1', at, at + 128));
  if (match === null || checkOf(match[1] ?? '') !== match[2]) return null;
  const [steps = 0, runs = 0, entries = 0, messages = 0] = (match[1] ?? '').trim().split(' ').map(Number);
  return { steps, runs, entries, messages };
}

function readFirst(bytes: Buffer): Progress | null {
  const match = FIRST_FORMAT.exec(bytes.toString('latin1', 0, 64));
  return match === null ? null : { steps: Number(match[1]), runs: 0, entries: 0, messages: 0 };
}

function isSame(a: Progress, b: Progress): boolean {
  return a.steps === b.steps && a.runs === b.runs && a.entries === b.entries && a.messages === b.messages;
}
