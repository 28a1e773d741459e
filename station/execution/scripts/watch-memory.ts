import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SCRIPT_BOUNDS } from './script-bounds.ts';

const LOOK_EVERY_MS = 200;
/** What Node itself keeps resident. */
const NODE_MIB = 64;

/**
 * Looks at a script's process from outside, for systems whose kernel does not bound its memory: resolves with true when
 * it keeps more resident than a script may have, with false when the signal fires or nobody can say how much it keeps
 * (Windows). What is taken between two looks is not seen, so this is weaker than a limit of the kernel.
 */
export async function outgrows(pid: number, signal: AbortSignal): Promise<boolean> {
  try {
    for (;;) {
      const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)], { signal });
      if (Number(stdout) > (SCRIPT_BOUNDS.memoryMiB + NODE_MIB) * 1024) return true;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch {
    return false;
  }
}
