import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DISK_HINTS, diskTroubleOf } from '#shared/domain/disk-trouble.ts';
import { Fault } from '#shared/domain/fault.ts';

/**
 * Makes a directory and those above it, as `mkdir -p`. Node's own recursive way never comes back from where nothing can
 * be made (`/proc`, an automounter): it is told that the parent is missing, and makes it again for ever.
 * Faults: `file-denied`, `disk-read-only`, `disk-failing`, `disk-full`.
 */
export function makeDir(dir: string): void {
  try {
    make(dir);
  } catch (cause) {
    const trouble = diskTroubleOf(cause);
    if (trouble === 'disk-read-only' || trouble === 'disk-failing' || trouble === 'disk-full')
      throw new Fault(trouble, `${dir} cannot be made`, { hint: DISK_HINTS[trouble], cause });
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
    // Somebody else may have made it meanwhile.
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
