import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SCRIPT_BOUNDS } from './script-bounds.ts';

const POLL_MS = 200;
/** Resident memory of Node itself. */
const NODE_MIB = 64;

/**
 * Watches the memory of a script's process, for systems whose kernel does not bound it. Resolves with true when the process
 * has more resident memory than a script may have; with false when the signal fires, or when `ps` does not exist (Windows).
 * Weaker than a limit of the kernel, because it polls.
 */
export async function exceedsMemory(pid: number, signal: AbortSignal): Promise<boolean> {
  try {
    for (;;) {
      const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)], { signal });
      if (Number(stdout) > (SCRIPT_BOUNDS.memoryMiB + NODE_MIB) * 1024) return true;
      await sleep(POLL_MS, undefined, { signal });
    }
  } catch {
    return false;
  }
}
