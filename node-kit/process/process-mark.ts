import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostSystem } from '../host-system/index.ts';

/**
 * A mark of a process that no later process has, while its pid is reused: pid and start time. Null for a process that does
 * not exist or is a zombie, and where the system does not report start times.
 *
 * ```ts
 * const isSame = processMark(owner.pid) === owner.mark;
 * ```
 *
 * Sources: proc(5), fields 3 (state) and 22 (start time) of `/proc/PID/stat`; the number is one of a PID namespace, and
 * the start time counts from a boot. ps(1) of macOS.
 */
export function processMark(pid: number): string | null {
  try {
    switch (hostSystem().kind) {
      case 'linux':
        return linuxMark(pid);
      case 'macos':
        return darwinMark(pid);
      default:
        return null;
    }
  } catch {
    return null;
  }
}

function linuxMark(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name of the program is in parentheses and may contain any character.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', start = ''] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || start === '') return null;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return `${boot} ${readlinkSync('/proc/self/ns/pid')} ${pid} ${start}`;
}

function darwinMark(pid: number): string | null {
  const started = execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  return started === '' ? null : `${pid} ${started}`;
}
