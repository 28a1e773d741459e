import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives a file the read rights of the folder that the person chose for it.
 * Everything else that Gongwei writes is its owner's alone (`umask 077` in every host): a report or a label is made
 * to be passed on, a backup is not.
 */
export function shareFile(path: string): void {
  if (process.platform === 'win32') return;
  chmodSync(path, 0o600 | (statSync(dirname(path)).mode & 0o044));
}
