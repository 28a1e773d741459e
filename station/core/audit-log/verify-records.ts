import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '#shared/domain/fault.ts';
import type { SchemaDifference, ReadableDatabase, Tampering } from '../database/index.ts';
import { ADOPT, KEEP, readJournalEntry, RESTORE } from './journal-digests.ts';

/** A part of the journal that is not what the trail says. */
export interface BrokenPart {
  /** The entry that says it; null for what comes after the newest of them. */
  readonly entry: number | null;
  readonly from: number;
  readonly upTo: number;
}

export interface RecordsVerdict {
  /** Records that are not what the station wrote, the first thousand. */
  readonly tampered: readonly Tampering[];
  /** How many there are in all. */
  readonly tamperedCount: number;
  readonly brokenParts: readonly BrokenPart[];
  readonly schema: readonly SchemaDifference[];
  /** Rows of the journal that the trail has, and those that came after its newest entry about them. */
  readonly kept: number;
  readonly notYetKept: number;
  /** The entry from which on records are covered one by one; what came before was taken over. Null when nothing was. */
  readonly adoptedAt: number | null;
}

const MOST_NAMED = 1000;

/**
 * Compares every record with what the station wrote of it, the journal of that with the audit trail, and the schema
 * with the migrations. The database is one for reading, and is held still: a station that works beside it goes on. The
 * trail itself is for `verifyAudit`.
 *
 * @param onTurn is told from time to time how many records were found so far. Faults: the signal's reason.
 */
export async function verifyRecords(
  database: ReadableDatabase,
  signal: AbortSignal,
  onTurn: (found: number) => void = () => {},
): Promise<RecordsVerdict> {
  using _still = database.readSnapshot();
  const schema = database.compareSchema();
  const trail = verifyParts(database);
  const tampered: Tampering[] = [];
  let tamperedCount = 0;
  for (const found of database.findTampering()) {
    if (found === null) {
      onTurn(tamperedCount);
      await nextTurn();
      throwIfAborted(signal);
      continue;
    }
    tamperedCount += 1;
    if (tampered.length < MOST_NAMED) tampered.push(found);
  }
  return { tampered, tamperedCount, schema, ...trail };
}

type TrailVerdict = Pick<RecordsVerdict, 'brokenParts' | 'kept' | 'notYetKept' | 'adoptedAt'>;

/**
 * Each part goes on where the one before ended. A restore put the journal back to that of the backup: parts that the
 * replaced database had kept after it are in the trail, and their rows are not here.
 */
function verifyParts(database: ReadableDatabase): TrailVerdict {
  const restores: { readonly seq: number; readonly upTo: number }[] = [];
  for (const { seq, action, details } of database.audit.iterate())
    if (action === RESTORE) restores.push({ seq, upTo: readJournalEntry(details).upTo });
  const brokenParts: BrokenPart[] = [];
  let adoptedAt: number | null = null;
  let at = 0;
  for (const { seq, action, details } of database.audit.iterate()) {
    const { from, upTo, digest } = readJournalEntry(details);
    if (action === RESTORE) at = upTo;
    if (action !== KEEP && action !== ADOPT) continue;
    if (restores.some((restore) => restore.seq > seq && restore.upTo < upTo)) continue;
    const part = database.journal.readPart(at, upTo);
    if (from !== at || part.digest !== digest || part.adopted !== (action === ADOPT))
      brokenParts.push({ entry: seq, from: at + 1, upTo });
    if (action === ADOPT) adoptedAt = seq;
    at = upTo;
  }
  const last = database.journal.getLastSeq();
  // What was there before the journal stands at its beginning, and nowhere else.
  if (at > 0 && last > at && database.journal.readPart(at, last).adopted)
    brokenParts.push({ entry: null, from: at + 1, upTo: last });
  return { brokenParts, kept: at, notYetKept: Math.max(0, last - at), adoptedAt };
}
