import { chmodSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { hasErrno } from '#node-kit/files/index.ts';

const OTHERS = 0o077;
const STICKY = 0o1000;
/** Keys are closed by what opens them, which says that the key may be known; see `drivers/node/key-file.ts`. */
const KEY = /^station\.key/;

/** What was open to other users of the computer. */
export interface Closed {
  /** Whether the directory itself was. */
  readonly directory: boolean;
  /** How many files and directories beneath it were. */
  readonly files: number;
  /** What still is: it belongs to somebody else, or to all, as `/tmp` does. */
  readonly left: readonly string[];
}

/**
 * Takes every right of others from a directory and all that lies in it: PIN hashes, serial numbers and names are
 * nobody's but the station's. Looks at single files only when the directory was open, because nobody comes to them
 * through a closed one, unless `thorough`. Follows no link. Rights of this kind do not exist on Windows: nothing is done.
 */
export function keepToOwner(dir: string, { thorough = false } = {}): Closed {
  const left: string[] = [];
  const top = process.platform === 'win32' ? undefined : lookAt(dir);
  if (top === undefined || !top.isDirectory()) return { directory: false, files: 0, left };
  // A folder for all, such as /tmp, is not closed; files that the station makes in it are still its owner's alone.
  if ((top.mode & STICKY) !== 0) return { directory: false, files: 0, left: [dir] };
  // The directory first: from then on nobody else can put anything in the place of what is looked at.
  const directory = close(dir, top, left);
  const files = (directory || thorough) && left.length === 0 ? closeBeneath(dir, left) : 0;
  return { directory, files, left };
}

/** Undefined where one may not even look; the next to open something there says so. */
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
