import { statfsSync, statSync } from 'node:fs';
import { hostSystem } from '#node-kit/host-system/index.ts';
import type { DirectoryFacts } from '../../../core/platform/index.ts';

/**
 * Magic numbers of statfs(2) of file systems whose inode and device numbers are not stored on the disk: FAT, exFAT, FUSE,
 * 9P, overlay. NFS and btrfs database inode numbers and get a device number at each mount.
 */
const INODES_NOT_STORED: ReadonlySet<number> = new Set([
  0x4d44, 0x2011bab0, 0x65735546, 0x01021997, 0x794c7630,
]);
const DEVICE_PER_MOUNT: ReadonlySet<number> = new Set([...INODES_NOT_STORED, 0x6969, 0x9123683e]);

/**
 * Follows symbolic links and bind mounts, so that every path to a directory gives the same facts. Null for a path that
 * cannot be read.
 */
export function readDirectoryFacts(path: string): DirectoryFacts | null {
  try {
    const { dev, ino, birthtimeNs, ctimeNs } = statSync(path, { bigint: true });
    const kind = hostSystem().kind === 'linux' ? statfsSync(path).type : 0;
    // Where the creation time is unknown, the time of the last change is returned in its place.
    const born = birthtimeNs > 0n && birthtimeNs !== ctimeNs;
    return {
      device: DEVICE_PER_MOUNT.has(kind) ? null : String(dev),
      inode: INODES_NOT_STORED.has(kind) || ino === 0n ? null : String(ino),
      bornNs: born ? String(birthtimeNs) : null,
    };
  } catch {
    return null;
  }
}
