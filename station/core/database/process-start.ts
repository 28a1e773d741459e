import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { overwriteFileSync } from '#node-kit/files/index.ts';

/** The number of the station's last start, beside the database and in it. */
export const START_MARK = 'station.start';

const ID = /^[0-9a-f]{32}$/;

/** The last start as the directory has it; null where none is written, or not to its end. */
export function readStartMark(databaseFile: string): string | null {
  try {
    const text = readFileSync(join(dirname(databaseFile), START_MARK), 'utf8').trim();
    return ID.test(text) ? text : null;
  } catch {
    return null;
  }
}

/**
 * Writes it over in its place, so that it is the old one or the new one at every moment. It is not synced: after a power
 * cut it may be the one before, which the database knows too. Where it cannot be written the database still stands.
 * @param startId 32 hex digits.
 */
export function writeStartMark(databaseFile: string, startId: string): void {
  try {
    overwriteFileSync(join(dirname(databaseFile), START_MARK), `${startId}\n`);
  } catch {
    // A full or read-only disk is reported by the writes of the database.
  }
}
