import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system of its own, which can be filled completely. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  readonly freeBytes: number;
  /** Leaves no free space, or `bytes` rounded up to pages. */
  fill(leaving?: number): void;
  /** Removes the data of `fill`. */
  empty(): void;
  /** Mounts it read-only or writable. Fails while files are open for writing. */
  readOnly(on: boolean): void;
}

/** Mounting requires root; without root the tests are skipped. */
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
