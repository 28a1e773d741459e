import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { hostSystem, type SystemKind } from '#node-kit/host-system/index.ts';
import { quoteArgument } from '#shared/host/index.ts';

/**
 * Lets this user open a port: adds them to the group that owns it. `null` where no such command is known.
 *
 * @param ports the ports that may not be used; the first one's group is taken
 */
export function allowPorts([port]: readonly string[], kind: SystemKind = hostSystem().kind): string | null {
  if (kind !== 'linux' || port === undefined) return null;
  const group = groupOf(port);
  return group === null ? null : `sudo usermod -aG ${group} ${quoteArgument(userInfo().username, 'linux')}`;
}

/** The group of a file. The group of root is no remedy: its members could do anything. */
function groupOf(path: string): string | null {
  try {
    const { gid } = statSync(path);
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .map((text) => text.split(':'))
      .find(([, , id]) => id === String(gid));
    const name = line?.[0] ?? '';
    return gid === 0 || !/^[a-z_][a-z0-9_-]*$/.test(name) ? null : name;
  } catch {
    return null;
  }
}

/** Sets the clock by a time server, now and from now on. */
export function syncClock(kind: SystemKind = hostSystem().kind): string | null {
  switch (kind) {
    case 'linux':
      return 'sudo timedatectl set-ntp true';
    case 'macos':
      return 'sudo sntp -sS time.apple.com';
    case 'windows':
      return 'w32tm /resync /force';
    case 'other':
      return null;
  }
}

/** Gives a folder and what is in it to this user. */
export function ownFolder(dir: string, kind: SystemKind = hostSystem().kind): string | null {
  const { username } = userInfo();
  return kind === 'linux' || kind === 'macos'
    ? `sudo chown -R ${quoteArgument(username, kind === 'macos' ? 'darwin' : 'linux')} ${quoteArgument(dir, kind === 'macos' ? 'darwin' : 'linux')}`
    : null;
}
