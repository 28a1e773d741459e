import { createHash } from 'node:crypto';
import type { Db } from '../db.ts';
import { ADOPTED } from './adopt-records.ts';
import { JOURNAL } from './covered-tables.ts';
import { createRunDigests } from './run-digest.ts';

/** A part of the journal: the rows after `from`, up to and including `upTo`. */
export interface JournalPart {
  readonly from: number;
  readonly upTo: number;
  /** SHA-256 (hex) over its rows. */
  readonly digest: string;
  /** It contains the records that are older than the journal. */
  readonly adopted: boolean;
}

/** SQLite joins so many rows to one text, which is several times faster than reading them one by one. */
const ROWS_AT_ONCE = 1000;

interface JournalBlock {
  /** One line for each row, in hexadecimal digits, unambiguous. Null without rows. */
  readonly lines: string | null;
  readonly adopted: number | null;
}

/** The journal of records, with the digests of runs. */
export function createJournal(db: Db) {
  const last = db.prepare<[], number | null>(`SELECT max(seq) FROM ${JOURNAL}`).pluck();
  const block = db.prepare<[string, string, number, number], JournalBlock>(
    `SELECT group_concat(line, char(10)) AS lines, max(adopted) AS adopted FROM (
       SELECT seq || ' ' || hex(tbl) || ' ' || hex(key) || ' ' || iif(was IS NULL, '-', hex(was)) || ' '
         || iif(digest IS NULL, '-', hex(digest)) AS line, tbl = ? AND key = ? AS adopted
       FROM ${JOURNAL} WHERE seq > ? AND seq <= ? ORDER BY seq)`,
  );
  const runs = createRunDigests(db);
  return {
    /** The number of its newest row; 0 without rows. */
    getLastSeq: (): number => last.get() ?? 0,
    /** See `RunDigests`. */
    get unreadable(): boolean {
      return runs.unreadable;
    },
    addRun: (runId: string): void => runs.add(runId),
    /** The digest of a run with its steps and measurements as they are now; null for an unknown run. */
    digestRun: (runId: string): Buffer | null => runs.digest(runId),
    /** Reads a part block by block, in constant memory. */
    readPart(from: number, upTo: number): JournalPart {
      const sum = createHash('sha256');
      let adopted = false;
      for (let after = from; after < upTo; after += ROWS_AT_ONCE) {
        const row = block.get(ADOPTED.table, ADOPTED.key, after, Math.min(after + ROWS_AT_ONCE, upTo));
        // Each line has its line end, so that the hash does not depend on the blocks.
        if (row?.lines != null) sum.update(`${row.lines}\n`);
        adopted ||= row?.adopted === 1;
      }
      return { from, upTo, digest: sum.digest('hex'), adopted };
    },
  };
}
export type Journal = ReturnType<typeof createJournal>;
