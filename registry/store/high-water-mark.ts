import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { overwriteFileSync } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';

/** The file with the high-water mark, in the folder of the database. */
const HIGH_WATER_MARK = 'registry.mark';
const DIGITS = 16;

/** Counts that only grow: granted leases, and numbers of new DeviceNames. */
export interface Progress {
  readonly leases: number;
  readonly numbers: number;
}

/**
 * Writes the counts beside the database. A database that was restored from a backup would lease triples and use names again;
 * the mark detects that. It is not synced: after a power cut it may be lower than the database, never higher. A failing write
 * is ignored, because the database has the counts.
 */
export function raiseHighWaterMark(databaseFile: string, { leases, numbers }: Progress): void {
  try {
    overwriteFileSync(join(dirname(databaseFile), HIGH_WATER_MARK), `${cell(leases)} ${cell(numbers)}\n`);
  } catch {
    // A full or read-only disk is reported by the writes of the database.
  }
}

/** Null without a readable mark. */
export function readHighWaterMark(databaseFile: string): Progress | null {
  try {
    const text = readFileSync(join(dirname(databaseFile), HIGH_WATER_MARK), 'utf8');
    const match = /^(\d+) (\d+)\n$/.exec(text);
    return match === null || text.length !== 2 * DIGITS + 2
      ? null
      : { leases: Number(match[1]), numbers: Number(match[2]) };
  } catch {
    return null;
  }
}

/**
 * The counts are read after the mark, because another process may commit between the two and raise the mark.
 *
 * Faults: `database-corrupt` when the counts are lower than the mark.
 *
 * @param progress reads the counts of the database
 */
export function checkHighWaterMark(databaseFile: string, progress: () => Progress): void {
  const mark = readHighWaterMark(databaseFile);
  const { leases, numbers } = progress();
  if (mark === null || (mark.leases <= leases && mark.numbers <= numbers)) return;
  throw new Fault(
    'database-corrupt',
    `${databaseFile} is older than what this registry has done: ${counted(Math.max(0, mark.leases - leases), 'lease is', 'leases are')} not in it`,
    {
      hint: 'It would lease triples again that stations have. Run "registry restored --reason TEXT --approver NAME", which withholds them, and then "sync resend" on every station.',
      details: { why: 'older than its mark' },
    },
  );
}

function cell(value: number): string {
  return String(value).padStart(DIGITS, '0');
}
