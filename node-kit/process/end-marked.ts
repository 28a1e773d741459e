import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostSystem } from '../host-system/index.ts';

/** A process of this system, where Linux shows it. */
const PROCESSES = '/proc';

/**
 * Kills each process that has an entry in its environment, which children inherit: also one that left its group and its parent
 * (`setsid`, a daemon). Does nothing where the system does not show environments; there such a child goes on.
 *
 * @param entry `NAME=value`, of which no other program has the value
 */
export function endMarked(entry: string): void {
  if (hostSystem().kind !== 'linux') return;
  // A process may start another one before it is killed.
  for (let turn = 0; turn < MAX_TURNS && killAll(entry) > 0; turn++);
}

const MAX_TURNS = 10;

function killAll(entry: string): number {
  let killed = 0;
  for (const name of list()) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid || !hasEntry(name, entry)) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
      killed += 1;
    } catch {
      // It has ended.
    }
  }
  return killed;
}

function list(): readonly string[] {
  try {
    return readdirSync(PROCESSES);
  } catch {
    return [];
  }
}

/** False for processes of other users, and for one that has ended: it has no environment any more. */
function hasEntry(name: string, entry: string): boolean {
  try {
    return readFileSync(join(PROCESSES, name, 'environ'), 'latin1')
      .split('\0')
      .includes(entry);
  } catch {
    return false;
  }
}
