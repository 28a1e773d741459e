/**
 * What the kernel says about a process, from `/proc`. Linux only. Threads, children and handles may end between two reads:
 * one that has ended counts as absent.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The ids of the processes whose parent this is. */
export function childrenOf(pid: number): readonly number[] {
  return entriesOf(`/proc/${pid}/task`).flatMap((thread) =>
    unlessEnded(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), '')
      .split(' ')
      .filter((word) => word.trim() !== '')
      .map(Number),
  );
}

/** The command line of a process, one text for each argument; none for a process that has ended. */
export function argumentsOf(pid: number): readonly string[] {
  return unlessEnded(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '').split('\0');
}

/** Whether the process runs. A process that has ended does not, even while its parent has not read its exit status. */
export function isAlive(pid: number): boolean {
  const stat = unlessEnded(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), null);
  return stat !== null && !['Z', 'X'].includes(stat.charAt(stat.lastIndexOf(')') + 2));
}

/** The numbers of the pseudo-terminals whose master the process has open. */
export function terminalsOf(pid: number): readonly string[] {
  return entriesOf(`/proc/${pid}/fdinfo`).flatMap((fd) => {
    const info = unlessEnded(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'), '');
    const found = /^tty-index:\s*(\d+)$/m.exec(info);
    return found?.[1] === undefined ? [] : [found[1]];
  });
}

/** How many handles of this process are the file. */
export function timesOpen(path: string): number {
  return entriesOf('/proc/self/fd').filter(
    (fd) => unlessEnded(() => readlinkSync(`/proc/self/fd/${fd}`), null) === path,
  ).length;
}

function entriesOf(dir: string): readonly string[] {
  return unlessEnded(() => readdirSync(dir), []);
}

function unlessEnded<T, N>(read: () => T, none: N): T | N {
  try {
    return read();
  } catch (error) {
    // ESRCH: it ended while its file was open.
    if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return none;
    throw error;
  }
}
