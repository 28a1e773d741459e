import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { DISK_HINTS, fileFaultCodeOf, isDiskFaultCode } from './errno-fault.ts';

/**
 * Creates a directory and its missing parents, as `mkdir -p`. `mkdirSync` with `recursive: true` never returns where no
 * directory can be created (`/proc`, an automounter): the system reports a missing parent, and Node tries again forever.
 *
 * ```ts
 * makeDir('/var/lib/gongwei/backups');
 * ```
 *
 * Faults: `file-denied`, `disk-read-only`, `disk-failing`, `disk-full`.
 *
 * @param mode permissions of each created directory, before the umask
 */
export function makeDir(dir: string, mode = 0o777): void {
  try {
    make(dir, mode);
  } catch (cause) {
    const code = fileFaultCodeOf(cause);
    if (isDiskFaultCode(code))
      throw new Fault(code, `${dir} cannot be created`, { hint: DISK_HINTS[code], cause });
    throw new Fault('file-denied', `${dir} cannot be created: its parent does not allow it`, {
      hint: 'Name another directory, or give this user write permission on its parent.',
      cause,
    });
  }
}

function make(dir: string, mode: number): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(dir);
  if (parent !== dir) make(parent, mode);
  try {
    mkdirSync(dir, { mode });
  } catch (error) {
    // Another process may have created it meanwhile.
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
