import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';

/** How far the ledger had come, beside the database and not in it. */
export const HIGH_MARK = 'station.mark';
const DIGITS = 16;

/**
 * Notes how far the ledger is. A database that was put back by hand, as backups usually are, does not know what was
 * burned after it was copied and would hand all of that out again; this file knows that there was something.
 *
 * Call it when what it tells is durable. It is not synced: after a power cut it may say less than is true, never more.
 * It is a second witness; where it cannot be written the ledger itself still stands.
 */
export function raiseHighMark(databaseFile: string, lastEventId: number): void {
  try {
    // Made when it is not there, and never cut: written over in its place it is whole at every moment.
    const fd = openSync(join(dirname(databaseFile), HIGH_MARK), constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      writeSync(fd, `${String(lastEventId).padStart(DIGITS, '0')}\n`, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    // A full or read-only disk is said elsewhere, by what cannot do without.
  }
}

/** Faults: `database-corrupt` when the ledger is behind the mark. */
export function refuseBehindMark(databaseFile: string, lastEventId: number): void {
  const mark = readHighMark(databaseFile);
  if (mark <= lastEventId) return;
  throw new Fault(
    'database-corrupt',
    `${databaseFile} is older than what this station has done: ${mark - lastEventId} steps of identities are not in it`,
    {
      hint: 'A copy put in its place hands out again what was burned since. Move it away and give it to "restore --from FILE --reason TEXT --approver NAME", which makes it safe.',
      details: { why: 'older than its mark' },
    },
  );
}

function readHighMark(databaseFile: string): number {
  try {
    const text = readFileSync(join(dirname(databaseFile), HIGH_MARK), 'utf8').trim();
    return text.length === DIGITS && /^\d+$/.test(text) ? Number(text) : 0;
  } catch {
    return 0;
  }
}
