import { closeSync, constants, fdatasync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { Fault } from '#shared/domain/fault.ts';
import { missingSince, peekProgress, type Progress, describeProgress } from './progress.ts';

/** The file with the progress of the database, beside it. */
export const HIGH_WATER_MARK = 'station.mark';
/** Two records in sectors of their own, written alternately: a power cut damages one of them at most. */
const RECORD_OFFSETS = [0, 512] as const;
const DIGITS = 16;
const RECORD = /^mark\/2 ((?:\d{16} ){4})([0-9a-f]{8})\n/;
/** The format of older versions: only the number of steps of identities. */
const FIRST_FORMAT = /^(\d{16})\n/;

/**
 * Stores the progress of the database in a file beside it. A database that lost the end of its log, or that was replaced
 * by an older copy, is valid in itself: it would give burned triples to other units, and the loss of results would not be
 * noticed. The mark detects both. The database works also where the mark cannot be written.
 */
export class HighWaterMark {
  readonly #path: string;
  #fd: number | null = null;
  #raised: Progress | null = null;
  #nextRecord = 0;
  #syncing = false;
  #unsynced = false;
  #closed = false;

  constructor(databaseFile: string) {
    this.#path = join(dirname(databaseFile), HIGH_WATER_MARK);
  }

  /**
   * Writes the progress; call it when the database is durable that far, so that the mark is never ahead. The mark survives
   * the process when this returns, and is synced in the background: after a power cut it may lack the runs that ended
   * during one sync.
   */
  raise(progress: Progress): void {
    if (this.#closed) return;
    if (this.#raised !== null && isSame(this.#raised, progress)) return;
    try {
      // Never truncated: each record is overwritten in place.
      this.#fd ??= openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
      writeSync(this.#fd, recordOf(progress), RECORD_OFFSETS[this.#nextRecord]);
      this.#nextRecord = 1 - this.#nextRecord;
    } catch {
      // A full or read-only disk is reported by the writes of the database.
      return;
    }
    const isEnd = this.#raised === null || progress.runs !== this.#raised.runs;
    this.#raised = progress;
    this.#unsynced = true;
    // Only the end of a run is synced: it follows the steps of its identity.
    if (isEnd) this.#sync();
  }

  close(): void {
    const file = this.#fd;
    this.#closed = true;
    this.#fd = null;
    if (file === null) return;
    try {
      // Waits for a sync that is under way. One that is queued finds the file descriptor closed, or reused by another
      // file, which it syncs without harm.
      if (this.#unsynced || this.#syncing) fdatasyncSync(file);
    } catch {
      // A failing disk is reported by the writes of the database.
    }
    closeSync(file);
  }

  #sync(): void {
    if (this.#fd === null || this.#syncing) return;
    this.#syncing = true;
    this.#unsynced = false;
    const file = this.#fd;
    fdatasync(file, () => {
      // A failing disk is reported by the writes of the database.
      this.#syncing = false;
      if (this.#unsynced) this.#sync();
    });
  }
}

export interface Mark {
  readonly progress: Progress;
  /** False when nothing in the file can be read. */
  readonly readable: boolean;
}

/** The mark of a database; null without one. */
export function readHighMark(databaseFile: string): Mark | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(dirname(databaseFile), HIGH_WATER_MARK));
  } catch {
    return null;
  }
  const records = [...RECORD_OFFSETS.map((offset) => readRecord(bytes, offset)), readFirst(bytes)].filter(
    (record) => record !== null,
  );
  const maxOf = (field: keyof Progress): number => Math.max(0, ...records.map((record) => record[field]));
  return {
    progress: {
      steps: maxOf('steps'),
      runs: maxOf('runs'),
      entries: maxOf('entries'),
      messages: maxOf('messages'),
    },
    readable: records.length > 0,
  };
}

/**
 * What the database lacks, compared with its mark; null when it lacks nothing. The mark is read first, because a running
 * station may raise both meanwhile.
 */
export function missingByMark(databaseFile: string, readProgress: () => Progress | null): Progress | null {
  const mark = readHighMark(databaseFile);
  const progress = mark === null ? null : readProgress();
  return mark === null || progress === null ? null : missingSince(mark.progress, progress);
}

/**
 * Refuses a database that is behind its mark, with the number of missing records of each kind. Changes neither the database
 * nor its log. Returns the number of missing audit entries when nothing else is missing: the audit trail reports those, and
 * no unit depends on them. Faults: `database-corrupt`.
 */
export function requireNotBehindMark(
  databaseFile: string,
  readProgress: () => Progress | null = () => peekProgress(databaseFile),
): number {
  const missing = missingByMark(databaseFile, readProgress);
  if (missing === null || isOnlyTrailMissing(missing)) return missing?.entries ?? 0;
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

export function isOnlyTrailMissing({ steps, runs, messages }: Progress): boolean {
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

function readRecord(bytes: Buffer, offset: number): Progress | null {
  const match = RECORD.exec(bytes.toString('latin1', offset, offset + 128));
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
