// eslint-disable-next-line no-restricted-syntax -- Bytes that no file system can compress; nothing reads them.
import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { asFileFault, fileFaultCodeOf } from '#node-kit/files/index.ts';

const BLOCK_BYTES = 64 * 1024;
/** Enough to end a few dozen runs with all their measurements. */
export const DISK_RESERVE_BYTES = 4 * 1024 * 1024;

/**
 * Disk space that is allocated in advance, because the result of a unit must be recorded even when the disk is full. It is
 * a file of random bytes, `station.spare`, so that no file system can compress it.
 */
export interface DiskReserve {
  isAllocated(): boolean;
  /**
   * Allocates the space unless it is allocated; false when the disk has not enough of it.
   * Faults: `disk-read-only`, `disk-failing`, `file-denied`, `file-missing`, `data-busy`.
   */
  allocate(): boolean;
  /** Frees the space. False when none was allocated. */
  release(): boolean;
}

export function createDiskReserve(dataDir: string, bytes: number): DiskReserve {
  const file = join(dataDir, 'station.spare');
  const size = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const release = (): boolean => {
    const before = size();
    rmSync(file, { force: true });
    return before > 0;
  };
  return {
    isAllocated: () => size() >= bytes,
    allocate() {
      if (size() >= bytes) return true;
      try {
        fill(file, bytes);
        return true;
      } catch (error) {
        if (fileFaultCodeOf(error) === 'disk-full') return false;
        throw asFileFault(error, file, 'written');
      }
    },
    release,
  };
}

function fill(file: string, bytes: number): void {
  const noise = randomFillSync(Buffer.alloc(BLOCK_BYTES));
  const fd = openSync(file, 'w', 0o600);
  try {
    for (let at = 0; at < bytes;) at += writeSync(fd, noise, 0, Math.min(BLOCK_BYTES, bytes - at));
    fsyncSync(fd);
  } catch (error) {
    // A file that was written in part must not be taken for the whole reserve.
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}
