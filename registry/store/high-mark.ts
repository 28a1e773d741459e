import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { overwriteFileSync } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';

/** How far the registry had come, beside the database and not in it. */
const HIGH_MARK = 'registry.mark';
const DIGITS = 16;

/** What only ever grows: how many leases were granted, how many numbers were given to new DeviceNames. */
export interface Progress {
  readonly leases: number;
  readonly numbers: number;
}

/**
 * A database that was put back from a backup does not know what it lent and named since, and would lend and name it
 * again, to another station. This file knows that there was something. Not synced: after a power cut it may say less than
 * is true, never more. A second witness; where it cannot be written the database itself still stands.
 */
export function raiseHighMark(databaseFile: string, { leases, numbers }: Progress): void {
  try {
    overwriteFileSync(join(dirname(databaseFile), HIGH_MARK), `${cell(leases)} ${cell(numbers)}\n`);
  } catch {
    // A full or read-only disk is said elsewhere, by what cannot do without.
  }
}

/** Null when there is none, or none that can be read. */
export function readHighMark(databaseFile: string): Progress | null {
  try {
    const text = readFileSync(join(dirname(databaseFile), HIGH_MARK), 'utf8');
    const match = /^(\d+) (\d+)\n$/.exec(text);
    return match === null || text.length !== 2 * DIGITS + 2
      ? null
      : { leases: Number(match[1]), numbers: Number(match[2]) };
  } catch {
    return null;
  }
}

/** Faults: `database-corrupt` when the database is behind the mark. */
export function refuseBehindMark(databaseFile: string, { leases, numbers }: Progress): void {
  const mark = readHighMark(databaseFile);
  if (mark === null || (mark.leases <= leases && mark.numbers <= numbers)) return;
  throw new Fault(
    'database-corrupt',
    `${databaseFile} is older than what this registry has done: ${counted(Math.max(0, mark.leases - leases), 'lease is', 'leases are')} not in it`,
    {
      hint: 'It would lend again what other stations have. "registry restored --reason TEXT --approver NAME" holds that back; then let every station "sync resend".',
      details: { why: 'older than its mark' },
    },
  );
}

function cell(value: number): string {
  return String(value).padStart(DIGITS, '0');
}
