import { createHash } from 'node:crypto';
import type { Db } from '../db.ts';
import { ADOPTED } from './adopt-records.ts';
import { JOURNAL } from './covered-tables.ts';
import { createRunDigests } from './run-digest.ts';

/** A part of the journal: everything after `from`, `upTo` included. */
export interface JournalPart {
  readonly from: number;
  readonly upTo: number;
  /** SHA-256 (hex) over all of it. */
  readonly digest: string;
  /** It holds what was there before the journal. */
  readonly adopted: boolean;
}

interface JournalRow {
  readonly seq: number;
  readonly tbl: string;
  readonly key: string;
  readonly was: Buffer | null;
  readonly digest: Buffer | null;
}

/** The journal of records, and what it says of a run that ends. */
export function createJournal(db: Db) {
  const last = db.prepare<[], number | null>(`SELECT max(seq) FROM ${JOURNAL}`).pluck();
  const rows = db.prepare<[number, number], JournalRow>(
    `SELECT seq, tbl, key, was, digest FROM ${JOURNAL} WHERE seq > ? AND seq <= ? ORDER BY seq`,
  );
  const runs = createRunDigests(db);
  return {
    /** The number of its newest row; 0 when there is none. */
    last: (): number => last.get() ?? 0,
    /** See `RunDigests`. */
    get unreadable(): boolean {
      return runs.unreadable;
    },
    noteRun: (runId: string): void => runs.note(runId),
    /** Reads a part row by row. */
    part(from: number, upTo: number): JournalPart {
      const sum = createHash('sha256');
      let adopted = false;
      for (const { seq, tbl, key, was, digest } of rows.iterate(from, upTo)) {
        sum.update(JSON.stringify([seq, tbl, key, was?.toString('hex'), digest?.toString('hex')]));
        adopted ||= tbl === ADOPTED.table && key === ADOPTED.key;
      }
      return { from, upTo, digest: sum.digest('hex'), adopted };
    },
  };
}
export type Journal = ReturnType<typeof createJournal>;
