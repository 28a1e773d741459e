import { chmodSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { hasErrno, restrictByAcl } from '#node-kit/files/index.ts';
import { hostSystem } from '#node-kit/host-system/index.ts';

const OTHERS = 0o077;
const STICKY = 0o1000;
/** Key files are restricted where they are opened, with a warning that the key may be known; see `drivers/node/key-file.ts`. */
const KEY = /^station\.key/;

/** What other users of the computer could access. */
export interface Closed {
  /** True when they could access the directory itself. */
  readonly directory: boolean;
  /** Number of accessible files and directories in it. */
  readonly files: number;
  /** What they can still access, because it belongs to another user or to all, as `/tmp` does. */
  readonly left: readonly string[];
}

/**
 * Removes all permissions of other users from a directory and its content, because it has PIN hashes, serial numbers and names.
 * Checks single files only when the directory was accessible, or with `thorough`. Follows no links. On Windows, whose files
 * have the access list of their directory, the list of the directory is changed.
 */
export function restrictToOwner(dir: string, { thorough = false } = {}): Closed {
  const left: string[] = [];
  if (!hostSystem().hasFileModes) return restrictOnWindows(dir);
  const top = lookAt(dir);
  if (top === undefined || !top.isDirectory()) return { directory: false, files: 0, left };
  // A shared folder such as /tmp stays accessible; files that the station makes in it are restricted to its owner.
  if ((top.mode & STICKY) !== 0) return { directory: false, files: 0, left: [dir] };
  // The directory first, so that no other user can replace files while they are checked.
  const directory = close(dir, top, left);
  const files = (directory || thorough) && left.length === 0 ? closeBeneath(dir, left) : 0;
  return { directory, files, left };
}

function restrictOnWindows(dir: string): Closed {
  if (lookAt(dir)?.isDirectory() !== true) return { directory: false, files: 0, left: [] };
  try {
    return { directory: restrictByAcl(dir), files: 0, left: [] };
  } catch {
    // A file system without access lists, as on a USB stick, or a directory of another user.
    return { directory: false, files: 0, left: [dir] };
  }
}

/** Undefined without the permission to read it; opening a file there reports that. */
function lookAt(dir: string): Stats | undefined {
  try {
    return lstatSync(dir, { throwIfNoEntry: false });
  } catch (error) {
    if (hasErrno(error, 'EACCES')) return undefined;
    throw error;
  }
}

function closeBeneath(dir: string, left: string[]): number {
  let closed = 0;
  for (const name of readdirSync(dir)) {
    if (KEY.test(name)) continue;
    const path = join(dir, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined || stat.isSymbolicLink()) continue;
    if (close(path, stat, left)) closed += 1;
    if (stat.isDirectory()) closed += closeBeneath(path, left);
  }
  return closed;
}

function close(path: string, { mode }: Stats, left: string[]): boolean {
  if ((mode & OTHERS) === 0) return false;
  try {
    chmodSync(path, mode & 0o700);
    return true;
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ENOENT':
        return false;
      case 'EPERM':
      case 'EROFS':
        left.push(path);
        return false;
      default:
        throw error;
    }
  }
}
