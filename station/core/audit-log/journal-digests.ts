import type { ReadableDatabase, WritableDatabase } from '../database/index.ts';
import { type AuditTrail, readDetails, STATION_ITSELF } from './audit-trail.ts';

/** Action of an entry that holds the digest of a part of the journal of records. */
export const KEEP = 'records.keep';
/** Action of the entry of the records that were there before the journal. */
export const ADOPT = 'records.adopt';
/** Action of a restore. Its `records` is the row up to which the journal of the backup was digested; the journal continues there. */
export const RESTORE = 'station.restore';

/** The journal never has more rows without an entry, even when the head of the trail is not asked for. */
const ROWS_WITHOUT_ENTRY = 500;

/**
 * Connects the journal of records to the audit trail: an entry of the trail holds the digest of everything that was
 * written to the journal since the entry before. With the head of the trail a changed record is found.
 */
export interface JournalDigests {
  /** Appends the entry unless nothing was written. Durable when it returns. */
  append(): void;
  /** Appends it when 500 rows were written since the last one. */
  appendWhenLong(): void;
  /** Appends the entry of the records that were there before the journal. Called at the start of a station. */
  appendAdopted(): void;
}

export function createJournalDigests(database: WritableDatabase, trail: AuditTrail): JournalDigests {
  let upTo = digestedUpTo(database);

  function append(which: (part: { readonly adopted: boolean }) => boolean = () => true): void {
    const last = database.journal.getLastSeq();
    if (last === upTo) return;
    database.writeReserved(() => {
      const { adopted, from, digest } = database.journal.readPart(upTo, last);
      if (!which({ adopted })) return;
      trail.record(STATION_ITSELF, adopted ? ADOPT : KEEP, 'records', { from, upTo: last, digest });
    });
    upTo = digestedUpTo(database);
  }
  return {
    append: () => append(),
    appendWhenLong() {
      if (database.journal.getLastSeq() - upTo >= ROWS_WITHOUT_ENTRY) append();
    },
    appendAdopted() {
      if (upTo === 0) append(({ adopted }) => adopted);
    },
  };
}

/** The last row of the journal that an entry of the trail covers; 0 when there is none. */
export function digestedUpTo(database: ReadableDatabase): number {
  const last = database.audit.findLastOf([KEEP, ADOPT, RESTORE]);
  return last === null ? 0 : readJournalEntry(last.details).upTo;
}

/** The part of the journal that an entry covers. An entry of an older version may name none. */
export function readJournalEntry(details: string): {
  readonly from: number;
  readonly upTo: number;
  readonly digest: string | null;
} {
  const { from, upTo, records, digest } = readDetails(details);
  const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
  return {
    from: number(from),
    upTo: typeof records === 'number' ? records : number(upTo),
    digest: typeof digest === 'string' ? digest : null,
  };
}
