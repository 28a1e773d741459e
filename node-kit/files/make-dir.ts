import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { DISK_HINTS, fileFaultCodeOf, isDiskFaultCode } from './errno-fault.ts';

/**
 * Makes a directory and those above it, as `mkdir -p`. Node's own recursive way never returns where nothing can be made
 * (`/proc`, an automounter): the system reports a missing parent, and Node makes it again without end.
 *
 * ```ts
 * makeDir('/var/lib/gongwei/backups');
 * ```
 *
 * Faults: `file-denied`, `disk-read-only`, `disk-failing`, `disk-full`.
 */
export function makeDir(dir: string): void {
  try {
    make(dir);
  } catch (cause) {
    const code = fileFaultCodeOf(cause);
    if (isDiskFaultCode(code))
      throw new Fault(code, `${dir} cannot be made`, { hint: DISK_HINTS[code], cause });
    throw new Fault('file-denied', `${dir} cannot be made: no folder can be made there`, {
      hint: 'Name another folder, or give this user write permission on the one above it.',
      cause,
    });
  }
}

function make(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(dir);
  if (parent !== dir) make(parent);
  try {
    mkdirSync(dir);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
