import type { WritableDatabase } from '../database/index.ts';
import { type AuditTrail, readDetails, STATION_ITSELF } from './audit-trail.ts';

/** An entry that holds the digest of a part of the journal of records. */
export const KEEP = 'records.keep';
/** The same for the part with what was there before the journal. */
export const ADOPT = 'records.adopt';
/** After it the journal goes on where that of the backup was kept up to, by its `records`. */
export const RESTORE = 'station.restore';

/** So much of the journal is not left without an entry while nobody asks for the trail's head. */
const ROWS_WITHOUT_ENTRY = 500;

/**
 * Ties the journal of records to the audit trail: an entry holds the digest of all that was written since the one
 * before. Whoever keeps the trail's head can then tell whether any record was changed.
 */
export interface JournalDigests {
  /** Makes the entry, unless nothing was written. Durable when it returns. */
  keep(): void;
  /** The same when much was written. */
  keepMany(): void;
  /** Makes the entry of what was there before the journal; to be called when a station begins. */
  keepAdopted(): void;
}

export function createJournalDigests(database: WritableDatabase, trail: AuditTrail): JournalDigests {
  let upTo = digestedUpTo(database);

  function keep(which: (part: { readonly adopted: boolean }) => boolean = () => true): void {
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
    keep: () => keep(),
    keepMany() {
      if (database.journal.getLastSeq() - upTo >= ROWS_WITHOUT_ENTRY) keep();
    },
    keepAdopted() {
      if (upTo === 0) keep(({ adopted }) => adopted);
    },
  };
}

/** Up to which row of the journal the trail has it; 0 when it has nothing of it. */
export function digestedUpTo(database: WritableDatabase): number {
  const last = database.audit.findLastOf([KEEP, ADOPT, RESTORE]);
  return last === null ? 0 : readJournalEntry(last.details).upTo;
}

/** What an entry says of the journal. An older entry, or one of a restore of before, says nothing. */
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
