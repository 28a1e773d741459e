import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfAborted } from '#shared/domain/fault.ts';
import type { SchemaDifference, ReadableDatabase, Tampering } from '../database/index.ts';
import { ADOPT, KEEP, readJournalEntry, RESTORE } from './journal-digests.ts';

/** A part of the journal that differs from its entry in the trail. */
export interface BrokenPart {
  /** The entry with the digest; null for the part after the newest one. */
  readonly entry: number | null;
  readonly from: number;
  readonly upTo: number;
}

export interface RecordsReport {
  /** Records that differ from what the station wrote, at most 1000. */
  readonly tampered: readonly Tampering[];
  /** How many such records there are. */
  readonly tamperedCount: number;
  readonly brokenParts: readonly BrokenPart[];
  readonly schema: readonly SchemaDifference[];
  /** Rows of the journal that entries of the trail cover, and those after the newest such entry. */
  readonly covered: number;
  readonly notYetCovered: number;
  /** The entry with the digest of the records that were there before the journal; null when there were none. */
  readonly adoptedAt: number | null;
}

const MAX_NAMED = 1000;

/**
 * Compares every record with its digest in the journal, the journal with the audit trail, and the schema with the migrations.
 * It reads a snapshot and does not delay the station. The trail itself is verified by `verifyAudit`.
 *
 * @param onProgress called from time to time with the number of records found so far
 * Faults: the signal's reason.
 */
export async function verifyRecords(
  database: ReadableDatabase,
  signal: AbortSignal,
  onProgress: (found: number) => void = () => {},
): Promise<RecordsReport> {
  using _snapshot = database.readSnapshot();
  const schema = database.compareSchema();
  const trail = await verifyParts(database, signal);
  const tampered: Tampering[] = [];
  let tamperedCount = 0;
  for (const tampering of database.findTampering()) {
    if (tampering === null) {
      onProgress(tamperedCount);
      await nextTurn();
      throwIfAborted(signal);
      continue;
    }
    tamperedCount += 1;
    if (tampered.length < MAX_NAMED) tampered.push(tampering);
  }
  return { tampered, tamperedCount, schema, ...trail };
}

type JournalReport = Pick<RecordsReport, 'brokenParts' | 'covered' | 'notYetCovered' | 'adoptedAt'>;

/**
 * Each part continues where the one before ended. A restore has reset the journal to that of the backup: the trail has entries of
 * the replaced database for rows that are not here.
 */
async function verifyParts(database: ReadableDatabase, signal: AbortSignal): Promise<JournalReport> {
  const restores: { readonly seq: number; readonly upTo: number }[] = [];
  for (const { seq, action, details } of database.audit.iterate())
    if (action === RESTORE) restores.push({ seq, upTo: readJournalEntry(details).upTo });
  const brokenParts: BrokenPart[] = [];
  let adoptedAt: number | null = null;
  let position = 0;
  for (const { seq, action, details } of database.audit.iterate()) {
    const { from, upTo, digest } = readJournalEntry(details);
    if (action === RESTORE) position = upTo;
    if (action !== KEEP && action !== ADOPT) continue;
    if (restores.some((restore) => restore.seq > seq && restore.upTo < upTo)) continue;
    const part = database.journal.readPart(position, upTo);
    if (from !== position || part.digest !== digest || part.adopted !== (action === ADOPT))
      brokenParts.push({ entry: seq, from: position + 1, upTo });
    if (action === ADOPT) adoptedAt = seq;
    position = upTo;
    await nextTurn();
    throwIfAborted(signal);
  }
  const last = database.journal.getLastSeq();
  // The records of before the journal are at its beginning only.
  if (position > 0 && last > position && database.journal.readPart(position, last).adopted)
    brokenParts.push({ entry: null, from: position + 1, upTo: last });
  return { brokenParts, covered: position, notYetCovered: Math.max(0, last - position), adoptedAt };
}
