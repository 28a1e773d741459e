import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrno } from './errno-fault.ts';
import { hostSystem } from '../host-system/index.ts';

/**
 * Gives a file the read permissions of its folder. All other files of Gongwei are private to the owner (`umask 077` in every
 * host); reports and labels are meant for others. Does nothing where the system does not let this user set permissions, as on
 * a USB stick or a network share that another user mounted: there the mount determines them.
 */
export function shareFile(path: string): void {
  if (!hostSystem().hasFileModes) return;
  try {
    chmodSync(path, 0o600 | (statSync(dirname(path)).mode & 0o044));
  } catch (error) {
    if (!hasErrno(error, 'EPERM', 'ENOTSUP', 'ENOSYS')) throw error;
  }
}
