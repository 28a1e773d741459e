import { statfsSync, statSync } from 'node:fs';
import type { DirectoryFacts } from '../../../core/platform/index.ts';

/**
 * Magic numbers of statfs(2) whose inode numbers, and with them device numbers, are not kept on the disk: FAT, exFAT,
 * FUSE, 9P, overlay. NFS and btrfs keep inodes and get a device number per mount.
 */
const INODES_MADE_UP: ReadonlySet<number> = new Set([0x4d44, 0x2011bab0, 0x65735546, 0x01021997, 0x794c7630]);
const DEVICE_PER_MOUNT: ReadonlySet<number> = new Set([...INODES_MADE_UP, 0x6969, 0x9123683e]);

/**
 * Follows symbolic links and bind mounts, so that every way to a directory gives the same facts. Null where there is
 * nothing to be seen.
 */
export function readDirectoryFacts(path: string): DirectoryFacts | null {
  try {
    const { dev, ino, birthtimeNs, ctimeNs } = statSync(path, { bigint: true });
    const kind = process.platform === 'linux' ? statfsSync(path).type : 0;
    // A system call without a birth time is answered with the time of the last change in its place.
    const born = birthtimeNs > 0n && birthtimeNs !== ctimeNs;
    return {
      device: DEVICE_PER_MOUNT.has(kind) ? null : String(dev),
      inode: INODES_MADE_UP.has(kind) || ino === 0n ? null : String(ino),
      bornNs: born ? String(birthtimeNs) : null,
    };
  } catch {
    return null;
  }
}
