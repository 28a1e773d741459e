import { readFileSync } from 'node:fs';
import { hostSystem } from '../host-system/index.ts';
import { hasErrno } from '../files/index.ts';

/**
 * True when a process with this pid runs, of any user. A zombie is not alive (proc(5), field 3 of `/proc/PID/stat`).
 *
 * ```ts
 * if (!isProcessAlive(ownerPid)) takeOver();
 * ```
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return hasErrno(error, 'EPERM');
  }
  if (hostSystem().kind !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !['Z', 'X'].includes(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
