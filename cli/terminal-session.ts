import { userInfo } from 'node:os';
import type { Actor, Role } from '#shared/rpc/index.ts';

/** The session of a terminal command: a user who can access the data directory is an engineer, by the system's user name. */
export function terminalSession(): Actor<Role> {
  return { role: 'engineer', user: osUserName() };
}

function osUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // The user has no entry in the system's user list, as in a container.
    return 'terminal';
  }
}
