import { counted } from '#shared/words/index.ts';
import Database from 'better-sqlite3';
import type { Db } from './database.ts';

/** The progress of a database, in numbers that only grow. */
export interface Progress {
  /** The number of the newest step of any identity. */
  readonly steps: number;
  /** Number of runs that have ended. */
  readonly runs: number;
  /** The number of the newest entry of the audit trail. */
  readonly entries: number;
  /** Number of messages for the registry that were ever written. */
  readonly messages: number;
}

export const NO_PROGRESS: Progress = { steps: 0, runs: 0, entries: 0, messages: 0 };

const STEPS = 'SELECT coalesce(max(event_id), 0) FROM identity_event';
/** Runs are never deleted, so the last row has their number. */
const RUNS =
  'SELECT coalesce((SELECT max(rowid) FROM run), 0) - (SELECT count(*) FROM run WHERE outcome IS NULL)';
const ENTRIES = 'SELECT coalesce(max(seq), 0) FROM audit';
const MESSAGES = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0)";

/** Reads the ends of four indexes, because it is called after every transaction. */
export function createProgressReader(db: Db): () => Progress {
  const read = db.prepare<[], Progress>(
    `SELECT (${STEPS}) AS steps, (${RUNS}) AS runs, (${ENTRIES}) AS entries, (${MESSAGES}) AS messages`,
  );
  return () => read.get() ?? NO_PROGRESS;
}

/**
 * The progress of a file that no process has open; changes neither the file nor its log. A missing table counts as empty. Null
 * when the file cannot be read; opening it reports that.
 */
export function peekProgress(file: string): Progress | null {
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
    const tables = new Set(db.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all());
    const count = (table: string, sql: string): number =>
      tables.has(table) ? Number(db?.prepare(sql).pluck().get() ?? 0) : 0;
    return {
      steps: count('identity_event', STEPS),
      runs: count('run', RUNS),
      entries: count('audit', ENTRIES),
      messages: count('outbox', MESSAGES),
    };
  } catch {
    return null;
  } finally {
    db?.close();
  }
}

/** Reads only the last rows. */
export function createNewestRecord(db: Db): () => number | null {
  const newest = db
    .prepare<[], number | null>(
      `SELECT max(at) FROM (
         SELECT coalesce(finished_at, started_at) AS at FROM run WHERE rowid = (SELECT max(rowid) FROM run)
         UNION ALL SELECT at FROM audit WHERE seq = (SELECT max(seq) FROM audit))`,
    )
    .pluck();
  return () => newest.get() ?? null;
}

/** The part of `then` that is missing in `now`; null when nothing is. */
export function missingSince(then: Progress, now: Progress): Progress | null {
  const missing = {
    steps: Math.max(0, then.steps - now.steps),
    runs: Math.max(0, then.runs - now.runs),
    entries: Math.max(0, then.entries - now.entries),
    messages: Math.max(0, then.messages - now.messages),
  };
  return Object.values(missing).every((count) => count === 0) ? null : missing;
}

/** "2 finished runs, 1 step of identities". */
export function describeProgress({ steps, runs, entries, messages }: Progress): string {
  const kinds = [
    [runs, 'finished run', 'finished runs'],
    [steps, 'step of identities', 'steps of identities'],
    [entries, 'entry of the audit trail', 'entries of the audit trail'],
    [messages, 'message for the registry', 'messages for the registry'],
  ] as const;
  return kinds
    .filter(([count]) => count > 0)
    .map(([count, one, more]) => counted(count, one, more))
    .join(', ');
}
