import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives a file the read permissions of its folder. All other files of Gongwei are private to the owner (`umask 077` in every
 * host); reports and labels are meant for others.
 */
export function shareFile(path: string): void {
  if (process.platform === 'win32') return;
  chmodSync(path, 0o600 | (statSync(dirname(path)).mode & 0o044));
}
