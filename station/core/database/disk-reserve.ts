import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK_BYTES = 64 * 1024;
/** What a few dozen runs need to be ended with all that was measured. */
export const DISK_RESERVE_BYTES = 4 * 1024 * 1024;

/**
 * Space on the disk that is kept for the moment when there is no other: what has happened to a unit must be recorded
 * even when the disk is full. A file of its own, full of noise so that no file system can make it smaller.
 */
export interface DiskReserve {
  readonly held: boolean;
  /** Makes it when it is not there; false when there is no room for it. */
  keep(): boolean;
  /** Gives the space free. False when there was none to give. */
  release(): boolean;
}

export function createDiskReserve(dataDir: string, bytes: number): DiskReserve {
  const file = join(dataDir, 'station.spare');
  const held = (): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= bytes;
  const release = (): boolean => {
    const was = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    rmSync(file, { force: true });
    return was > 0;
  };
  return {
    get held() {
      return held();
    },
    keep() {
      if (held()) return true;
      try {
        fill(file, bytes);
        return true;
      } catch {
        // Half of it would be taken for all of it.
        release();
        return false;
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
  } finally {
    closeSync(fd);
  }
}
