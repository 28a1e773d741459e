/**
 * Facts of the file system that distinguish a directory from a copy of it. `mv` on the same disk changes none of them;
 * `cp -a`, `rsync` and unpacking an archive give other numbers.
 */
export interface DirectoryFacts {
  /** Device number of the file system, in decimal. Valid until the computer is restarted; null where it changes earlier. */
  readonly device: string | null;
  /** Inode number (file id on Windows), in decimal; null where the file system assigns it at each mount. */
  readonly inode: string | null;
  /** Time of creation, nanoseconds since 1970 in decimal; null where the file system does not have it. */
  readonly bornNs: string | null;
}
