import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** SYSTEM and the administrators, by their SIDs: their names differ with the language of Windows. */
const ALWAYS_ALLOWED = ['*S-1-5-18', '*S-1-5-32-544'];
/** Everyone, users, authenticated and interactive users, guests, anonymous: as SDDL abbreviates them, and by SID. */
const OTHERS = new Set([
  ...['WD', 'BU', 'AU', 'IU', 'NU', 'BG', 'AN'],
  ...['S-1-1-0', 'S-1-5-32-545', 'S-1-5-11', 'S-1-5-4', 'S-1-5-2', 'S-1-5-32-546', 'S-1-5-7'],
]);
const TIMEOUT_MS = 20_000;

/** Runs icacls.exe. Errors: those of a program that does not exist or fails. */
export type RunIcacls = (args: readonly string[]) => void;

/**
 * Whether a directory's access list, as SDDL, lets groups in to which every user of the computer belongs. Source: MS-DTYP
 * 2.5.1, an ACE is `(type;flags;rights;object;inherited object;trustee)`, and `A` is the type of one that allows.
 */
export function letsOthersIn(sddl: string): boolean {
  const aces = sddl.match(/\([^()]*\)/g) ?? [];
  return aces.some((ace) => {
    const [type, , , , , trustee = ''] = ace.slice(1, -1).split(';');
    return type === 'A' && OTHERS.has(trustee);
  });
}

/** The arguments with which icacls gives a directory, and what is made in it, to its user and the system alone. */
export function ownerOnlyArguments(dir: string, user: string): readonly string[] {
  const grants = [user, ...ALWAYS_ALLOWED].map((trustee) => `${trustee}:(OI)(CI)F`);
  return [dir, '/inheritance:r', '/grant:r', ...grants, '/Q'];
}

/**
 * Gives a directory to its user and the system alone where other users of the computer are let in: outside of a profile a
 * new directory is open to all. Returns whether it was open. The list is read and written by icacls, of every Windows.
 * Errors: those of icacls and of the file system.
 */
export function restrictByAcl(
  dir: string,
  user = userOfWindows(),
  run: RunIcacls = runIcacls,
  scratch = join(tmpdir(), `gongwei-acl-${randomUUID()}`),
): boolean {
  try {
    run([dir, '/save', scratch, '/Q']);
    // The name of the directory, then its list, in UTF-16.
    if (!letsOthersIn(readFileSync(scratch, 'utf16le'))) return false;
  } finally {
    rmSync(scratch, { force: true });
  }
  run(ownerOnlyArguments(dir, user));
  return true;
}

function userOfWindows(env: NodeJS.ProcessEnv = process.env): string {
  const { username } = userInfo();
  const domain = env['USERDOMAIN'] ?? '';
  return domain === '' ? username : `${domain}\\${username}`;
}

function runIcacls(args: readonly string[]): void {
  const program = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'icacls.exe');
  execFileSync(program, args, { stdio: 'ignore', timeout: TIMEOUT_MS, windowsHide: true });
}
