import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, small enough to be filled to the last byte. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  readonly freeBytes: number;
  /** Leaves exactly nothing, or `bytes` rounded up to pages. */
  fill(leaving?: number): void;
  /** Takes away what `fill` has put there. */
  empty(): void;
  /** Nothing can be written any more, or again. Files that are open for writing keep it from happening. */
  readOnly(on: boolean): void;
}

/** Mounting takes root; who is not root cannot test a full disk, and the tests say so by being skipped. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    mountSmallDisk(1)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

export function mountSmallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'gongwei-disk-'));
  const ballast = join(path, 'ballast');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', path]);
  } catch (error) {
    rmSync(path, { recursive: true });
    throw error;
  }
  const free = (): number => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    get freeBytes() {
      return free();
    },
    fill(leaving = 0) {
      const fd = openSync(ballast, 'a');
      try {
        for (let left = free() - leaving; left > 0; left = free() - leaving)
          writeSync(fd, Buffer.alloc(Math.min(left, 64 * 1024), 0x5a));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(fd);
      }
    },
    empty: () => rmSync(ballast, { force: true }),
    readOnly: (on) => void execFileSync('mount', ['-o', `remount,${on ? 'ro' : 'rw'}`, path]),
    [Symbol.dispose]() {
      // Lazily: a process that is just being killed may still have a file open.
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true });
    },
  };
}
