import { userInfo } from 'node:os';
import type { Session } from '#shared/rpc/index.ts';

/** Who sits at a terminal: whoever may run commands on the data directory is an engineer of it, by their own name. */
export function terminalSession(): Session {
  return { role: 'engineer', user: nameOfUser() };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list, as in a container.
    return 'terminal';
  }
}
